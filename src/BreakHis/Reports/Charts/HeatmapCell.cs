using BreakHis.Wording;

namespace BreakHis.Reports.Charts;

/// <summary>A heatmap cell coloured by a share.</summary>
internal static class HeatmapCell
{
    private const int Steps = 20;

    /// <summary>
    /// Returns the CSS classes for a share. Hits and misses have different hues; misses are twice as strong, because
    /// their shares are smaller.
    /// </summary>
    public static string Of(double share, bool isHit)
    {
        double strength = isHit ? share : Math.Min(1, 2 * share);
        return $"{(isHit ? "hit" : "miss")} h{Digits.Of((long)(strength * Steps + 0.5))}";
    }
}
