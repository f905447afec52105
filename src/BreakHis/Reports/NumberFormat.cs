using System.Globalization;
using BreakHis.Wording;

namespace BreakHis.Reports;

/// <summary>The number format of reports, the same for every culture.</summary>
internal static class NumberFormat
{
    /// <summary>The text for a missing number.</summary>
    public const string None = "–";

    private const string Nbsp = "\u00a0";

    /// <summary>Formats a share as a percentage: 0.8125 becomes "81.3 %".</summary>
    public static string Percent(double share) => Finite(share, () => Text(share * 100, "0.0") + Nbsp + "%");

    /// <summary>Formats a difference of shares in percentage points, with its sign.</summary>
    public static string Points(double difference) =>
        Finite(difference, () => Text(difference * 100, "+0.0;−0.0;±0.0") + Nbsp + "pp");

    /// <summary>Formats a number with three decimals.</summary>
    public static string Decimal(double number) => Finite(number, () => Text(number, "0.000"));

    /// <summary>Formats a probability with three decimals, never rounded to certainty.</summary>
    public static string Probability(double p) => p is > 0.9995 and < 1 ? "> 0.999" : Decimal(p);

    /// <summary>Formats a number with three significant digits, or as an integer from 100.</summary>
    public static string Significant(double number) =>
        Finite(number, () => Text(number, Math.Abs(number) >= 100 ? "#,0" : "g3"));

    /// <summary>Formats a count with commas between thousands.</summary>
    public static string Count(long count) => Digits.Grouped(count);

    /// <summary>Formats a count and its noun in the matching form.</summary>
    public static string Count(long count, string one) => Count(count) + Nbsp + Plural.Word(count, one);

    /// <summary>Formats a part of a count, and the noun of the count in the matching form: 2 of 3 images.</summary>
    public static string Part(long part, long count, string one) =>
        $"{Count(part)} of {Count(count)} {Plural.Word(count, one)}";

    /// <summary>Formats a duration in the largest suitable units.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds >= 1e9)
        {
            return None;
        }

        if (seconds < 59.95)
        {
            return Text(seconds, "0.0") + Nbsp + "s";
        }

        long whole = (long)Math.Round(seconds, MidpointRounding.AwayFromZero);
        return whole < 3600
            ? $"{Digits.Of(whole / 60)}{Nbsp}min {(whole % 60).ToString("00", CultureInfo.InvariantCulture)}{Nbsp}s"
            : $"{Digits.Of(whole / 3600)}{Nbsp}h {(whole / 60 % 60).ToString("00", CultureInfo.InvariantCulture)}{Nbsp}min";
    }

    /// <summary>Formats a number of bytes in decimal units.</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["bytes", "kB", "MB", "GB", "TB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return Text(value, unit == 0 ? "0" : "0.0") + Nbsp + Plural.Word(bytes, "byte", units[unit]);
    }

    /// <summary>Formats a coordinate of a drawing.</summary>
    public static string Coordinate(double length) => Text(length, "0.#");

    /// <summary>Formats a number with a fixed number of decimals.</summary>
    public static string Fixed(decimal number, int decimals) =>
        number.ToString("F" + Digits.Of(decimals), CultureInfo.InvariantCulture);

    /// <summary>Formats a time from the ledger for reading; returns any other text unchanged.</summary>
    public static string Moment(string iso) =>
        iso is { Length: 20 } && iso[10] == 'T' && iso[19] == 'Z' ? $"{iso[..10]} {iso[11..19]} UTC" : iso;

    private static string Finite(double number, Func<string> text) =>
        double.IsNaN(number) ? "not a number"
        : double.IsPositiveInfinity(number) ? "infinite"
        : double.IsNegativeInfinity(number) ? "−infinite"
        : text();

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
