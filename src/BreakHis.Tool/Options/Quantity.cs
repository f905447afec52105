using System.Globalization;

namespace BreakHis.Tool.Options;

/// <summary>A whole number with a unit right behind it, as people type times and sizes.</summary>
internal static class Quantity
{
    /// <summary>Number and unit, either of which may be missing: 30s, 10GB, 5epochs.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The number, or null where there is none or it is too large; what stands behind the digits.</returns>
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
}
