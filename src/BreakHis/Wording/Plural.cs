using System.Globalization;

namespace BreakHis.Wording;

/// <summary>Words in the number that fits a count.</summary>
internal static class Plural
{
    /// <summary>The count and the words that fit it: 1 file, 2 files.</summary>
    /// <inheritdoc cref="Word"/>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {Word(count, one, many)}");

    /// <summary>The words alone: is, are.</summary>
    /// <param name="one">The words for one.</param>
    /// <param name="many">The words for none and for several; null if they only add an s.</param>
    public static string Word(long count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";
}
