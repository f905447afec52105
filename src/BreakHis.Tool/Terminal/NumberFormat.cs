using System.Globalization;

namespace BreakHis.Tool.Terminal;

/// <summary>Percentages on the terminal, rounded as in reports.</summary>
internal static class NumberFormat
{
    /// <summary>0.8125 is "81.3 %".</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
