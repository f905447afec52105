namespace BreakHis.Statistics;

/// <summary>Student's paired t test.</summary>
internal static class PairedT
{
    /// <summary>Tests the mean of differences, one per patient or seed, against zero.</summary>
    /// <param name="differences">At least two numbers.</param>
    public static TTest Of(IReadOnlyList<double> differences)
    {
        int n = differences.Count;
        double mean = differences.Sum() / n;
        double variance = differences.Sum(difference => (difference - mean) * (difference - mean)) / (n - 1);
        return new TTest(mean, Math.Sqrt(variance / n), n - 1);
    }
}
