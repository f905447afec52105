using System.Buffers;
using System.Text;

namespace BreakHis.SecretSearch;

/// <summary>
/// Finds passwords that stand without a name: in headers (Authorization: Bearer ...), pairs of user and password, and
/// the arguments of curl, sshpass, mysql and login commands.
/// </summary>
internal static class CommandPasswords
{
    private const int Window = 300;
    private const int LongToken = 16;
    private const int ShortestLogin = 20;

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'`<>,;\\");

    private static readonly SearchValues<string> Words = SearchValues.Create(
        [
            "bearer ",
            "basic ",
            "auth",
            "-u ",
            "--user ",
            "sshpass",
            "mysql",
            " login ",
            "login(",
            "securestring ",
            "identified by '",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Returns whether a text has such a password.</summary>
    public static bool AreIn(string text)
    {
        int next;
        for (int at = 0; (next = text.AsSpan(at).IndexOfAny(Words)) >= 0; at++)
        {
            at += next;
            if (IsSecret(text, at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSecret(string text, int at) =>
        char.ToLowerInvariant(text[at]) switch
        {
            'b' when Starts(text, at, "bearer ") => Word(text, at + 7) is { Length: >= LongToken } token
                && IsValue(token),
            'b' => IsBasic(Word(text, at + 6)),
            'a' => IsPair(text, at + 4),
            '-' => IsUserAndPassword(Word(text, at + (Starts(text, at, "-u ") ? 3 : 7))),
            's' when Starts(text, at, "sshpass") => IsOption(text, at + 7, "-p"),
            's' => IsGiven(Word(text, at + 13)),
            'i' => IsGiven(Word(text, at + 15)),
            'l' => IsPair(text, at + 5),
            'm' => IsOption(text, at + 5, " -p"),
            _ => IsOption(text, at + 6, " -p ")
                || (Word(text, at + 7) is { Length: >= ShortestLogin } token && Randomness.IsRandom(token)),
        };

    private static bool IsGiven(string value) => new Assignment(SecretWeight.Strong, ValueForm.Plain, value).IsSecret();

    private static bool Starts(string text, int at, string word) =>
        text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsValue(string value) =>
        !Placeholders.IsWhole(value) && Randomness.IsRandom(Placeholders.Without(value));

    /// <summary>Returns the next word, without quotes.</summary>
    private static string Word(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at)).TrimStart(" \"'\\");
        int end = rest.IndexOfAny(WordEnds);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>User and password in base 64.</summary>
    internal static bool IsBasic(string value)
    {
        byte[] bytes = new byte[value.Length];
        if (value.Length < 8 || !Convert.TryFromBase64String(value, bytes, out int count))
        {
            return false;
        }

        string pair = Encoding.Latin1.GetString(bytes, 0, count);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon < pair.Length - 1 && pair.All(c => c is >= ' ' and <= '~');
    }

    /// <summary>auth=("user", "password"), BasicAuth("user", "password") and "auth": "base 64".</summary>
    private static bool IsPair(string text, int at)
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

    private static bool IsUserAndPassword(string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && IsGiven(word[(colon + 1)..]);
    }

    private static bool IsOption(string text, int at, string option)
    {
        ReadOnlySpan<char> line = text.AsSpan(at, Math.Min(Window, text.Length - at));
        int end = line.IndexOfAny('\r', '\n');
        line = end < 0 ? line : line[..end];
        int found = line.IndexOf(option, StringComparison.Ordinal);
        return found >= 0
            && line[..found].IndexOfAny("|;&") < 0
            && new Assignment(SecretWeight.Strong, ValueForm.Plain, Word(text, at + found + option.Length)).IsSecret();
    }
}
