using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Keys that are written as lists of bytes, such as { 0x2b, 0x7e, ... } or [43, 126, ...].</summary>
internal static partial class ByteList
{
    private const int Window = 1_000;
    private const int Shortest = 16;
    private const int LeastDifferent = 10;
    private const StringSplitOptions SplitOptions =
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    // Of AES, ChaCha20 and Ed25519.
    private static readonly int[] KeyLengths = [16, 24, 32, 64];

    /// <summary>
    /// Returns whether a list of bytes follows, many of them different. After a name that only says "key", they must be
    /// hexadecimal and as many as in a key of a cipher. Decimal numbers are bytes only after a word for a password.
    /// </summary>
    public static bool IsSecret(string text, int at, SecretWeight weight)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        if (weight is not (SecretWeight.Key or >= SecretWeight.Medium) || Beginning(rest) is not int start)
        {
            return false;
        }

        rest = rest[start..];
        int end = rest.IndexOfAny("]}");
        string[] items = end < 0 ? [] : rest[..end].ToString().Split(',', SplitOptions);
        return items.Length >= Shortest
            && items.All(IsByte)
            && items.Distinct(StringComparer.OrdinalIgnoreCase).Count() >= LeastDifferent
            && (
                weight == SecretWeight.Strong
                || (items.All(IsHex) && (weight == SecretWeight.Medium || Array.IndexOf(KeyLengths, items.Length) >= 0))
            );
    }

    private static int? Beginning(ReadOnlySpan<char> text)
    {
        foreach (ValueMatch match in ListBeginning().EnumerateMatches(text))
        {
            return match.Length;
        }

        return null;
    }

    /// <summary>A list, perhaps in a call or after its type: new byte[] {, bytes([.</summary>
    [GeneratedRegex(@"^\s{0,20}(?:new\s+\w{1,20}\[\]\s{0,5}|\w{1,20}\()?[\[{]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListBeginning();

    private static bool IsHex(string item) => item is ['0', 'x' or 'X', ..];

    private static bool IsByte(string item) =>
        IsHex(item) ? item.Length is 3 or 4 && item.Skip(2).All(char.IsAsciiHexDigit) : byte.TryParse(item, out _);
}
