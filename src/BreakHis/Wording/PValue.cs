using System.Globalization;

namespace BreakHis.Wording;

/// <summary>P-values as text, with four decimals and never as zero.</summary>
internal static class PValue
{
    /// <summary>Formats a p-value: 0.0345, or "&lt; 0.0001".</summary>
    public static string Of(double p) => p < 0.0001 ? "< 0.0001" : p.ToString("0.0000", CultureInfo.InvariantCulture);
}
