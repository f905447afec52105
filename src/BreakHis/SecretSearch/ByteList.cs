using System.Globalization;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Keys that are written as bytes: in a list, such as { 0x2b, 0x7e, ... } or [43, 126, ...], or as "\x2b\x7e...".
/// </summary>
internal static partial class ByteList
{
    private const int Window = 1_000;
    private const int Shortest = 16;
    private const int LeastDifferent = 10;
    private const int LastOfAscii = 127;
    private const StringSplitOptions SplitOptions =
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    // Of AES, ChaCha20 and Ed25519.
    private static readonly int[] KeyLengths = [16, 24, 32, 64];

    /// <summary>
    /// Returns whether bytes follow, many of them different. After a word for a password, that is enough. Otherwise they
    /// are no text, and two of these: the key of a service, hexadecimal, as many as in a key of a cipher.
    /// </summary>
    public static bool IsSecret(string text, int at, SecretWeight weight)
    {
        if (weight is not (SecretWeight.Key or >= SecretWeight.Medium))
        {
            return false;
        }

        string[] items = Items(text, at);
        bool[] signs = [weight == SecretWeight.Medium, items.All(IsHex), Array.IndexOf(KeyLengths, items.Length) >= 0];
        return items.Length >= Shortest
            && items.All(IsByte)
            && items.Distinct(StringComparer.OrdinalIgnoreCase).Count() >= LeastDifferent
            && (weight == SecretWeight.Strong || (items.Any(IsLarge) && signs.Count(sign => sign) >= 2));
    }

    private static string[] Items(string text, int at)
    {
        if (Escaped().EndOf(text, at) is int end)
        {
            return text[at..end].Replace("\\x", ",0x", StringComparison.Ordinal).Split(',', SplitOptions)[1..];
        }

        if (ListBeginning().EndOf(text, at) is not int start)
        {
            return [];
        }

        string list = Noise().Replace(text.Substring(start, Math.Min(Window, text.Length - start)), "");
        int close = list.AsSpan().IndexOfAny("]}");
        return close < 0 ? [] : list[..close].Split(',', SplitOptions);
    }

    /// <summary>A list, perhaps in a call or after its type: new byte[] {, bytes([.</summary>
    [GeneratedRegex(
        @"\A\s{0,20}(?:new\s+\w{1,20}\[\w{0,20}\]\s{0,5}|\w{1,20}\()?[\[{]",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex ListBeginning();

    /// <summary>Bytes in a text, of which one is no character of ASCII.</summary>
    [GeneratedRegex(
        """\A\s{0,20}[bB]?["'](?=[^"']*\\x[89A-Fa-f])(?:\\x[0-9A-Fa-f]{2}){16,64}(?=["'])""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Escaped();

    /// <summary>Comments, and the type that an item is converted to.</summary>
    [GeneratedRegex(
        @"//[^\n]*|\#[^\n]*|/\*[^*]*\*/|\(\w{1,10}\)\s*",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Noise();

    private static bool IsHex(string item) => item is ['0', 'x' or 'X', ..];

    private static bool IsByte(string item) => Value(item) is not null;

    private static bool IsLarge(string item) => Value(item) > LastOfAscii;

    private static byte? Value(string item) =>
        (
            IsHex(item)
                ? byte.TryParse(
                    item.AsSpan(2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out byte value
                )
                : byte.TryParse(item, CultureInfo.InvariantCulture, out value)
        )
            ? value
            : null;
}
