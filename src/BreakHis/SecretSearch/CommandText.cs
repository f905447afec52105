using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>Words and lines of a text around a position; only so much is read that a search takes linear time.</summary>
internal static class CommandText
{
    /// <summary>How many characters are read before or after a position.</summary>
    public const int Window = 300;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'`<>,;\\");

    /// <summary>Returns whether a word stands at a position, in any case.</summary>
    public static bool Starts(string text, int at, string word) =>
        text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the next word, without quotes.</summary>
    public static string Word(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at)).TrimStart(" \"'\\,=");
        int end = rest.IndexOfAny(WordEnds);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>Returns the rest of the line after a position.</summary>
    public static string LineAfter(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        int end = rest.IndexOfAny('\r', '\n');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>Returns the line up to a position.</summary>
    public static string LineBefore(string text, int at)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, at - Window), Math.Min(Window, at));
        return before[(before.LastIndexOf('\n') + 1)..].ToString();
    }

    /// <summary>Returns words and quoted words.</summary>
    public static string[] Arguments(string line) =>
        line.Split([' ', '"', '\'', ','], StringSplitOptions.RemoveEmptyEntries);

    public static string FirstArgument(string line) => Array.Find(Arguments(line), word => word[0] != '-') ?? "";

    public static string SecondWord(string line) => Arguments(line).ElementAtOrDefault(1) ?? "";
}
