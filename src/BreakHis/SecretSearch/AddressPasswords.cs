using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>Finds passwords in addresses, such as https://user:password@host.</summary>
internal static class AddressPasswords
{
    private const string Scheme = "://";
    private const int Window = 300;
    private const int Shortest = 3;
    private const int LongToken = 20;

    // What documents write for a password.
    private static readonly HashSet<string> Documented = new(StringComparer.OrdinalIgnoreCase)
    {
        "123",
        "abc",
        "anoncvs",
        "anonymous",
        "bar",
        "foo",
        "guest",
        "pass",
        "passwd",
        "password",
        "pserver:anoncvs",
        "pwd",
        "secret",
        "token",
        "xyz",
        "xyzzy",
    };

    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'`<>/");

    /// <summary>Returns whether a text has an address with a password.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        int next;
        for (int at = 0; (next = text[at..].IndexOf(Scheme, StringComparison.Ordinal)) >= 0; )
        {
            bool named = at + next > 0 && char.IsAsciiLetterOrDigit(text[at + next - 1]);
            at += next + Scheme.Length;
            ReadOnlySpan<char> rest = text.Slice(at, Math.Min(Window, text.Length - at));
            int end = rest.IndexOfAny(Ends);
            if (named && IsSecret(end < 0 ? rest : rest[..end]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSecret(ReadOnlySpan<char> authority)
    {
        int host = authority.LastIndexOf('@');
        int colon = host < 0 ? -1 : authority[..host].IndexOf(':');
        if (host >= LongToken && colon < 0)
        {
            return Randomness.IsRandom(authority[..host]);
        }

        return colon >= 0
            && host - colon - 1 >= Shortest
            && !authority[(colon + 1)..host].Contains('(')
            && !authority.ContainsAnyExceptInRange(' ', '\uFFFD')
            && host + 1 < authority.Length
            && !IsPlaceholder(authority[(colon + 1)..host].ToString());
    }

    private static bool IsPlaceholder(string password) =>
        Placeholders.IsWhole(password)
        || Documented.Contains(password.TrimEnd('\\'))
        || password.Contains("\\k", StringComparison.Ordinal);
}
