using static System.FormattableString;

namespace BreakHis.Wording;

/// <summary>Singular and plural forms.</summary>
internal static class Plural
{
    /// <summary>Returns the count and the matching form: 1 file, 2 files.</summary>
    /// <inheritdoc cref="Word"/>
    public static string Of(long count, string one, string? many = null) =>
        Invariant($"{count} {Word(count, one, many)}");

    /// <summary>Returns a number of bytes: 1 byte, 1,000 bytes.</summary>
    public static string Bytes(long count) => $"{Digits.Grouped(count)} {Word(count, "byte")}";

    /// <summary>Returns the matching form without the count: is, are.</summary>
    /// <param name="one">The singular.</param>
    /// <param name="many">The plural, also used for zero; null if it only adds an s.</param>
    public static string Word(long count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";
}
