namespace BreakHis.Files;

/// <summary>Names of lower-case hexadecimal digits: hashes and IDs, which can be names of files and lead nowhere else.</summary>
internal static class HexName
{
    /// <summary>Returns whether a name has that many digits, and nothing else.</summary>
    public static bool Is(string name, int digits) => name.Length == digits && name.All(char.IsAsciiHexDigitLower);
}
