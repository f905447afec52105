using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// The SHA-256 that a file had when it was put in place, in a file beside it: <c>NAME.sha256</c>, which
/// <c>sha256sum -c</c> reads too.
/// </summary>
internal static class HashRecord
{
    /// <summary>How the names of such files end.</summary>
    public const string Extension = ".sha256";

    /// <summary>Writes it, in place of what was there.</summary>
    /// <param name="path">The file that the hash is of.</param>
    /// <param name="sha256">Its SHA-256 in lower-case hexadecimal.</param>
    /// <param name="origin">Where it comes from, a line each.</param>
    public static void Write(string path, string sha256, IReadOnlyList<string> origin)
    {
        ArgumentNullException.ThrowIfNull(origin);
        string comments = string.Concat(origin.Select(line => $"# {line.ReplaceLineEndings(" ")}\n"));
        AtomicFile.Write(path + Extension, $"{comments}{sha256}  {Path.GetFileName(path)}\n");
    }

    /// <summary>The hash that is recorded of a file, or null where none is.</summary>
    /// <param name="path">The file that the hash is of.</param>
    public static string? Read(string path) =>
        File.Exists(path + Extension)
            ? File.ReadLines(path + Extension)
                .FirstOrDefault(line => !line.StartsWith('#') && line.Length > 0)
                ?.Split(' ')[0]
            : null;
}
