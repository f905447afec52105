using System.Text;
using static BreakHis.SecretSearch.CommandText;

namespace BreakHis.SecretSearch;

/// <summary>Recognises passwords in headers, cookies, and pairs of user and password.</summary>
internal static class HeaderPasswords
{
    /// <summary>The fewest characters of a token.</summary>
    public const int LongToken = 16;

    /// <summary>How many words of a header are read.</summary>
    public const int MostWords = 10;

    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Authorization: TYPE VALUE, of any type; and cookies, each with a name.</summary>
    public static bool IsHeader(string text, int at, int words = 2)
    {
        const string Signs = " \"':,;=>\\[]{}()";
        string line = LineAfter(text, at);
        return line.Length > 0
            && "\"':,=>\\[] ".Contains(line[0], Ordinal)
            && line.Split(Signs.ToCharArray(), MostWords, StringSplitOptions.RemoveEmptyEntries)
                .Take(words)
                .Any(word => word.Length >= LongToken && IsValue(word) && !Guid.TryParse(word, out _));
    }

    /// <summary>A header or variable "cookie" with names and values; no option or file of that name.</summary>
    public static bool IsCookie(string text, int at)
    {
        int end = at + (Starts(text, at, "cookies") ? "cookies".Length : "cookie".Length);
        string line = LineAfter(text, end);
        string given = line.TrimStart('"', '\'', ' ', ']');
        bool isWord = at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '-' or '/' or '.');
        return isWord
            && given is [':' or '=' or '{' or '(', .. string values]
            && (values.Contains('=', Ordinal) || values.Contains('{', Ordinal))
            && IsHeader(text, end, MostWords);
    }

    /// <summary>User and password in base 64.</summary>
    public static bool IsBasic(string value)
    {
        byte[] bytes = new byte[value.Length];
        if (value.Length < 8 || !Convert.TryFromBase64String(value, bytes, out int count))
        {
            return false;
        }

        string pair = Encoding.Latin1.GetString(bytes, 0, count);
        int colon = pair.IndexOf(':', Ordinal);
        return colon >= 0 && colon < pair.Length - 1 && pair.All(c => c is >= ' ' and <= '~');
    }

    /// <summary>auth=("user", "password"), BasicAuth("user", "password") and "auth": "base 64".</summary>
    public static bool IsPair(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        ReadOnlySpan<char> value = rest.TrimStart(" =(\"'\\:");
        int open = at + rest.IndexOfAny("\"'");
        if (value.Length == rest.Length || open < at)
        {
            return false;
        }

        if (!rest[..(rest.Length - value.Length)].Contains('('))
        {
            return IsBasic(Word(text, at + rest.Length - value.Length));
        }

        int comma = text.IndexOf(',', open, Math.Min(Window, text.Length - open));
        return comma >= 0
            && AssignedValues.Quoted(text, open) is not null
            && AssignedValues.Quoted(text, Separator.Blanks(text, comma + 1)) is string password
            && new Assignment(SecretWeight.Strong, ValueForm.Quoted, password).IsSecret();
    }

    /// <summary>Returns whether a value looks random.</summary>
    public static bool IsValue(string value) =>
        !Placeholders.IsWhole(value) && Randomness.IsRandom(Placeholders.Without(value));
}
