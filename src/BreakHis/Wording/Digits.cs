using System.Globalization;

namespace BreakHis.Wording;

/// <summary>Numbers in digits, the same in every culture.</summary>
internal static class Digits
{
    /// <summary>Writes an integer without separators.</summary>
    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Of(long)"/>
    public static string Of(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes an integer with commas between thousands.</summary>
    public static string Grouped(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Writes a number with as many digits as it takes to read the same bits back.</summary>
    public static string InFull(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
