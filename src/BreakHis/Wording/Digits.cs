using System.Globalization;

namespace BreakHis.Wording;

/// <summary>Integers in digits, the same in every culture.</summary>
internal static class Digits
{
    /// <summary>Writes an integer without separators.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Of(long)"/>
    public static string Of(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
