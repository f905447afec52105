using System.Text;
using static System.FormattableString;

namespace BreakHis.Files;

/// <summary>Reads the lines of a file that somebody else may have written: one line at a time, none of them too long.</summary>
internal static class BoundedLines
{
    private const int Longest = 16 << 20;

    /// <summary>Returns the lines of a text file.</summary>
    /// <exception cref="IOException">It cannot be read, is not a regular file, or a line has more than 16 million
    /// characters.</exception>
    public static IEnumerable<string> Of(string path)
    {
        using var reader = new StreamReader(RegularFile.Open(path));
        char[] block = new char[64 << 10];
        var line = new StringBuilder();
        for (int read; (read = reader.Read(block)) > 0; )
        {
            for (int from = 0, end; from < read; from = end + 1)
            {
                int found = block.AsSpan(from, read - from).IndexOf('\n');
                end = found < 0 ? read : from + found;
                line.Append(block, from, end - from);
                if (line.Length > Longest)
                {
                    throw new IOException(Invariant($"{path}: a line has more than {Longest} characters"));
                }

                if (found >= 0)
                {
                    yield return line.ToString();
                    line.Clear();
                }
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
