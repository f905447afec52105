namespace BreakHis.Statistics;

/// <summary>A confidence interval: of a share, 0 to 1, or of a difference of shares, -1 to 1.</summary>
internal sealed record Interval(double Low, double High)
{
    /// <summary>Returns the part of it between two values.</summary>
    public Interval Within(double least, double most) =>
        new(Math.Clamp(Low, least, most), Math.Clamp(High, least, most));

    /// <summary>Returns whether a value lies in it.</summary>
    public bool Has(double value) => Low <= value && value <= High;
}

/// <summary>The number of correctly classified images in a group (a patient, a magnification).</summary>
/// <param name="Images">The number of images, at least one.</param>
/// <param name="Correct">The number of correctly classified images.</param>
internal sealed record GroupResult(string Name, int Images, int Correct)
{
    /// <summary>
    /// The share of correctly classified images, 0 to 1. For a patient this is the patient score of Spanhol et al.
    /// 2016.
    /// </summary>
    public double Rate => (double)Correct / Images;
}

/// <summary>The numbers of images that only one of two runs classified correctly.</summary>
/// <param name="Gained">Correct now but not before.</param>
/// <param name="Lost">Correct before but not now.</param>
internal sealed record Pairs(int Gained, int Lost);

/// <summary>Shares of images and patients, and the median.</summary>
internal static class ShareStatistics
{
    private const double Z = NormalQuantiles.Of975;

    /// <summary>
    /// Returns Wilson's 95 % score interval for a share (Wilson 1927, J. Am. Stat. Assoc. 22:209-212; without
    /// continuity correction, method 3 of Newcombe 1998, Stat. Med. 17:857-872). It assumes that images are
    /// independent, which several images of one patient are not.
    /// </summary>
    /// <param name="correct">The number of successes, 0 to <paramref name="images"/>.</param>
    /// <param name="images">The number of trials; the interval is 0 to 1 if there are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or there are more successes than
    /// trials.</exception>
    public static Interval Wilson(int correct, int images)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(images);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, images);
        if (images == 0)
        {
            return new Interval(0, 1);
        }

        double n = images;
        double share = correct / n;
        double centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z * Math.Sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
        return new Interval(
            correct == 0 ? 0 : Math.Max(0, centre - half),
            correct == images ? 1 : Math.Min(1, centre + half)
        );
    }

    /// <summary>Counts images and correct classifications by group.</summary>
    /// <param name="verdicts">The group of each image, and whether it was classified correctly.</param>
    /// <returns>The groups in ordinal order of name.</returns>
    public static IReadOnlyList<GroupResult> ByGroup(IEnumerable<(string Group, bool Correct)> verdicts) =>
        [
            .. verdicts
                .GroupBy(verdict => verdict.Group, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new GroupResult(group.Key, group.Count(), group.Count(verdict => verdict.Correct))),
        ];

    /// <summary>
    /// Returns the mean of the patients' scores with equal weights (Spanhol, Oliveira, Petitjean, Heutte 2016, A
    /// dataset for breast cancer histopathological image classification, IEEE Trans. Biomed. Eng. 63(7):1455-1462).
    /// </summary>
    /// <returns>The rate, 0 to 1; NaN without patients.</returns>
    public static double PatientRecognitionRate(IReadOnlyCollection<GroupResult> patients) =>
        patients.Count == 0 ? double.NaN : patients.Sum(patient => patient.Rate) / patients.Count;

    /// <summary>Compares the classifications of the same images by two runs.</summary>
    /// <param name="before">The key of each image, and whether the baseline classified it correctly.</param>
    /// <param name="after">The same for the other run, in any order.</param>
    /// <returns>The pairs, or null if the images differ or there are none.</returns>
    public static Pairs? Pair(
        IEnumerable<(string Image, bool Correct)> before,
        IEnumerable<(string Image, bool Correct)> after
    )
    {
        var old = before.ToDictionary(verdict => verdict.Image, verdict => verdict.Correct, StringComparer.Ordinal);
        (string Image, bool Correct)[] now = [.. after];
        return now.Length == 0 || now.Length != old.Count || !now.All(verdict => old.ContainsKey(verdict.Image))
            ? null
            : new Pairs(
                now.Count(verdict => verdict.Correct && !old[verdict.Image]),
                now.Count(verdict => !verdict.Correct && old[verdict.Image])
            );
    }

    /// <summary>Returns the median; for an even count, the mean of the two middle numbers.</summary>
    /// <param name="numbers">The numbers, in any order.</param>
    /// <returns>The median; NaN without numbers.</returns>
    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
