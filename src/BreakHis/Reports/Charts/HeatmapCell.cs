namespace BreakHis.Reports.Charts;

/// <summary>A cell coloured by a share.</summary>
internal static class HeatmapCell
{
    private const int Steps = 20;

    /// <summary>The CSS classes of a share: hits in one hue, misses in another and twice as strong, being smaller.</summary>
    public static string Of(double share, bool isHit)
    {
        double strength = isHit ? share : Math.Min(1, 2 * share);
        return $"{(isHit ? "hit" : "miss")} h{NumberFormat.Plain((long)(strength * Steps + 0.5))}";
    }
}
