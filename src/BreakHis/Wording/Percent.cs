using System.Globalization;

namespace BreakHis.Wording;

/// <summary>Percentages in plain text, rounded as in reports.</summary>
internal static class Percent
{
    /// <summary>Formats a share: 0.8125 becomes "81.3 %".</summary>
    public static string Of(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
