namespace BreakHis.Statistics;

/// <summary>Ranking of images of two classes by a score.</summary>
internal static class Roc
{
    /// <summary>Returns the area under the ROC curve: the probability that a positive image has the larger score, with
    /// ties counted as one half (Hanley and McNeil 1982, Radiology 143:29-36).</summary>
    /// <returns>NaN without images of both classes.</returns>
    public static double Area(IEnumerable<(double Score, bool IsPositive)> images)
    {
        double pairs = 0;
        double below = 0;
        double positives = 0;
        foreach (IGrouping<double, (double, bool IsPositive)> tied in ByScore(images, descending: false))
        {
            int of = tied.Count(image => image.IsPositive);
            int others = tied.Count() - of;
            pairs += of * (below + (others / 2.0));
            below += others;
            positives += of;
        }

        return pairs / (positives * below);
    }

    /// <summary>
    /// Returns the average precision: precision at each score, weighted by the rise in recall, without interpolation.
    /// </summary>
    /// <returns>NaN without positive images.</returns>
    public static double AveragePrecision(IEnumerable<(double Score, bool IsPositive)> images)
    {
        double sum = 0;
        double found = 0;
        double seen = 0;
        foreach (IGrouping<double, (double, bool IsPositive)> tied in ByScore(images, descending: true))
        {
            int of = tied.Count(image => image.IsPositive);
            found += of;
            seen += tied.Count();
            sum += of * found / seen;
        }

        return sum / found;
    }

    private static IEnumerable<IGrouping<double, (double Score, bool IsPositive)>> ByScore(
        IEnumerable<(double Score, bool IsPositive)> images,
        bool descending
    )
    {
        IEnumerable<IGrouping<double, (double, bool)>> groups = images.GroupBy(image => image.Score);
        return descending ? groups.OrderByDescending(group => group.Key) : groups.OrderBy(group => group.Key);
    }
}
