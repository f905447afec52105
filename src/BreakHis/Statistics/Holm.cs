namespace BreakHis.Statistics;

/// <summary>P-values of several tests, adjusted so that they count together (Holm 1979, Scand. J. Stat. 6:65-70).</summary>
internal static class Holm
{
    /// <summary>
    /// Returns the adjusted p-values, in the same order: without any difference, one of them is below a level with at most
    /// that probability.
    /// </summary>
    public static IReadOnlyList<double> Adjusted(IReadOnlyList<double> ps)
    {
        double[] adjusted = new double[ps.Count];
        double largest = 0;
        foreach ((int rank, int test) in Enumerable.Range(0, ps.Count).OrderBy(test => ps[test]).Index())
        {
            largest = Math.Max(largest, Math.Min(1, (ps.Count - rank) * ps[test]));
            adjusted[test] = largest;
        }

        return adjusted;
    }
}
