using static System.FormattableString;

namespace BreakHis.Files;

/// <summary>
/// Files in places where somebody else may have put them: a pipe would never end, and a huge file would fill the memory.
/// </summary>
internal static class RegularFile
{
    private const int Longest = 64 << 20;

    /// <summary>Returns whether a path names a regular file, following links.</summary>
    public static bool Exists(string path) => File.Exists(path) && FileKind.IsRegular(path);

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">It cannot be read, or is not a regular file.</exception>
    public static FileStream Open(string path)
    {
        FileKind.RequireRegular(path);
        return File.OpenRead(path);
    }

    /// <summary>Returns whether a path names a regular file of at most that many bytes.</summary>
    public static bool IsAtMost(string path, long bytes) => Exists(path) && new FileInfo(path).Length <= bytes;

    /// <summary>Returns the content of a file of at most 64 MiB, which is UTF-8 text.</summary>
    /// <exception cref="IOException">It cannot be read, is not a regular file, or is longer.</exception>
    public static string Text(string path)
    {
        using FileStream file = Open(path);
        if (file.Length > Longest)
        {
            throw new IOException(Invariant($"{path}: longer than {Longest >> 20} MiB"));
        }

        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
