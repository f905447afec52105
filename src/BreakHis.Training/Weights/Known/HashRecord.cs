using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// The SHA-256 of a file when it was put in place, in a file next to it: <c>NAME.sha256</c>, which <c>sha256sum -c</c>
/// can read.
/// </summary>
internal static class HashRecord
{
    /// <summary>The extension of such files.</summary>
    public const string Extension = ".sha256";

    /// <summary>Writes or replaces the hash.</summary>
    /// <param name="sha256">Its SHA-256 in lower-case hexadecimal.</param>
    /// <param name="origin">Where it comes from, one entry per line.</param>
    public static void Write(string path, string sha256, IReadOnlyList<string> origin)
    {
        string comments = string.Concat(origin.Select(line => $"# {OneLine.Of(line)}\n"));
        AtomicFile.Write(path + Extension, $"{comments}{sha256}  {Path.GetFileName(path)}\n");
    }

    /// <summary>The recorded hash of a file, or null if there is none.</summary>
    public static string? Read(string path) =>
        Path.Exists(path + Extension)
            ? RegularFile
                .Text(path + Extension)
                .ReplaceLineEndings("\n")
                .Split('\n')
                .FirstOrDefault(line => !line.StartsWith('#') && line.Length > 0)
                ?.Split(' ')[0]
            : null;
}
