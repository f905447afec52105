using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>Keys that are written as lists of bytes, such as { 0x2b, 0x7e, ... } or [43, 126, ...].</summary>
internal static class ByteList
{
    private const int Window = 1_000;
    private const int Shortest = 16;
    private const int LeastDifferent = 10;
    private const StringSplitOptions SplitOptions =
        StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    // Of a list, or of what comes instead of one.
    private static readonly SearchValues<char> Beginnings = SearchValues.Create("[{\r\n;\"'");

    // Of AES, ChaCha20 and Ed25519.
    private static readonly int[] KeyLengths = [16, 24, 32, 64];

    /// <summary>
    /// Returns whether a list of bytes follows, many of them different. After a name that only says "key", they must be
    /// hexadecimal and as many as in a key of a cipher.
    /// </summary>
    public static bool IsSecret(string text, int at, SecretWeight weight)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        int open = rest.IndexOfAny(Beginnings);
        if (weight is not (SecretWeight.Key or >= SecretWeight.Medium) || open < 0 || rest[open] is not ('[' or '{'))
        {
            return false;
        }

        rest = rest[(open + 1)..];
        if (rest.StartsWith("]"))
        {
            // new byte[] { ... }
            int brace = rest.IndexOf('{');
            rest = brace is > 0 and < 20 ? rest[(brace + 1)..] : [];
        }

        int end = rest.IndexOfAny("]}");
        string[] items = end < 0 ? [] : rest[..end].ToString().Split(',', SplitOptions);
        return items.Length >= Shortest
            && items.All(IsByte)
            && items.Distinct(StringComparer.OrdinalIgnoreCase).Count() >= LeastDifferent
            && (weight >= SecretWeight.Medium || (items.All(IsHex) && Array.IndexOf(KeyLengths, items.Length) >= 0));
    }

    private static bool IsHex(string item) => item is ['0', 'x' or 'X', ..];

    private static bool IsByte(string item) =>
        IsHex(item) ? item.Length is 3 or 4 && item.Skip(2).All(char.IsAsciiHexDigit) : byte.TryParse(item, out _);
}
