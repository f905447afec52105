using System.Globalization;

namespace BreakHis.Tool.Options;

/// <summary>An integer directly followed by a unit, as users type times and sizes.</summary>
internal static class Quantity
{
    private const double SecondsPerDay = 86_400;
    private const double MostDays = 365_000;

    /// <summary>Splits a text into number and unit, both optional: 30s, 10GB, 5epochs.</summary>
    /// <returns>The number, or null if missing or too large; the text after the digits.</returns>
    public static (int? Number, string Unit) Parse(string text)
    {
        string unit = text.TrimStart("0123456789".ToCharArray());
        bool isNumber = int.TryParse(
            text[..^unit.Length],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int number
        );
        return (isNumber ? number : null, unit);
    }

    /// <summary>
    /// Parses a time in seconds, minutes, hours or days, such as 30s; null if the text is none, or more than a thousand
    /// years.
    /// </summary>
    public static TimeSpan? Time(string text)
    {
        (int? number, string unit) = Parse(text);
        double? seconds = unit switch
        {
            "s" => number,
            "m" => 60.0 * number,
            "h" => 3_600.0 * number,
            "d" => SecondsPerDay * number,
            _ => null,
        };
        return seconds <= MostDays * SecondsPerDay ? TimeSpan.FromSeconds(seconds.Value) : null;
    }
}
