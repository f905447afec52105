using System.Globalization;

namespace BreakHis.Tool.Options;

/// <summary>An integer directly followed by a unit, as users type times and sizes.</summary>
internal static class Quantity
{
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

    /// <summary>Parses a time in seconds, minutes or hours, such as 30s; null if the text is none.</summary>
    public static TimeSpan? Time(string text) =>
        Parse(text) switch
        {
            (int n, "s") => TimeSpan.FromSeconds(n),
            (int n, "m") => TimeSpan.FromMinutes(n),
            (int n, "h") => TimeSpan.FromHours(n),
            _ => null,
        };
}
