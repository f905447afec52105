using System.Text;
using BreakHis.Files;
using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>The text of a spec file: UTF-8, at most 1 MB, no control characters, no tabs in indentation.</summary>
internal static class SpecText
{
    private const int MostBytes = 1_000_000;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a file, or returns null and adds a problem.</summary>
    public static string? Read(SpecSource source, string path, List<Problem> problems)
    {
        byte[] bytes;
        try
        {
            using FileStream file = RegularFile.Open(path);
            bytes = new byte[MostBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            bytes = bytes[..length];
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problems.Add(new(ProblemCodes.UnreadableFile, Reason(path, e), source.Name, 0, 0));
            return null;
        }

        if (bytes.Length > MostBytes)
        {
            problems.Add(new(ProblemCodes.YamlNotTaken, "the file is larger than 1 MB", source.Name, 0, 0));
            return null;
        }

        return Decode(source, bytes, problems);
    }

    private static string Reason(string path, Exception e) =>
        Directory.Exists(path) ? "this is a folder; expected a YAML file"
        : e is DirectoryNotFoundException ? "file not found"
        : FileFault.Reason(path, e);

    private static string? Decode(SpecSource source, byte[] bytes, List<Problem> problems)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            string before = Encoding.UTF8.GetString(bytes, 0, Math.Max(0, e.Index));
            problems.Add(At(source, before).Problem(ProblemCodes.NotYaml, "invalid UTF-8 from this position on"));
            return null;
        }
    }

    /// <summary>Returns the text for the YAML parser, or null and adds a problem.</summary>
    public static string? Check(SpecSource source, string text, List<Problem> problems)
    {
        text = text.TrimStart('\uFEFF');
        bool indenting = true;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '\t' && indenting)
            {
                return Refuse(i, "tab in the indentation; use spaces");
            }

            if (char.IsControl(c) && c is not ('\t' or '\n' or '\r'))
            {
                return Refuse(i, $"control character (U+{(int)c:X4})");
            }

            if (char.IsSurrogate(c) && !IsInPair(text, i))
            {
                return Refuse(i, $"unpaired surrogate (U+{(int)c:X4})");
            }

            indenting = c == '\n' || (indenting && c == ' ');
        }

        return text;

        string? Refuse(int index, string what)
        {
            problems.Add(At(source, text[..index]).Problem(ProblemCodes.NotYaml, what));
            return null;
        }
    }

    private static bool IsInPair(string text, int i) =>
        (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
        || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));

    private static Place At(SpecSource source, string before) =>
        new(source, before.Count(c => c == '\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);
}
