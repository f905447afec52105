using System.Globalization;
using static System.FormattableString;

namespace BreakHis.Json;

/// <summary>
/// The canonical spelling of a double: the fewest digits that parse to the same double, formatted like ECMAScript's
/// Number::toString (and so RFC 8785): plain from 0.000001 to below 1e21, with an exponent otherwise.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>Formats a finite number; minus zero becomes zero.</summary>
    public static string Of(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        (string digits, int point) = ShortestDigits(Math.Abs(value));
        return (value < 0 ? "-" : "") + LayOut(digits, point);
    }

    /// <summary>
    /// Returns the digits d1 d2 ... without leading or trailing zeros, and p such that the value is 0.d1d2... times
    /// 10^p.
    /// </summary>
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        // "R" gives the shortest digits that round-trip, but its format is the framework's, so use only the digits.
        string spelled = value.ToString("R", CultureInfo.InvariantCulture);
        int e = spelled.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(spelled.AsSpan(e + 1), NumberStyles.Integer, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? spelled : spelled[..e];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int point = exponent + (dot < 0 ? mantissa.Length : dot);

        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), point - (digits.Length - significant.Length));
    }

    private static string LayOut(string digits, int point)
    {
        int count = digits.Length;
        if (count <= point && point <= 21)
        {
            return digits + new string('0', point - count);
        }

        if (point is > 0 and <= 21)
        {
            return $"{digits[..point]}.{digits[point..]}";
        }

        if (point is > -6 and <= 0)
        {
            return $"0.{new string('0', -point)}{digits}";
        }

        string fraction = count == 1 ? "" : "." + digits[1..];
        return Invariant($"{digits[0]}{fraction}e{point - 1:+0;-0}");
    }
}
