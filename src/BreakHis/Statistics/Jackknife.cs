namespace BreakHis.Statistics;

/// <summary>
/// The delete-one-patient jackknife (Tukey 1958; Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans):
/// how an estimate changes without each patient.
/// </summary>
internal static class Jackknife
{
    /// <summary>Returns a metric without each patient in turn, or without each group of patients.</summary>
    /// <param name="images">The classified images; patients are numbered from 0 without gaps.</param>
    /// <param name="patients">The number of patients, at least two; with fewer, patients share groups.</param>
    /// <param name="metric">Computes the metric of some images.</param>
    public static double[] WithoutEach(
        IReadOnlyList<Classification> images,
        int patients,
        Func<IReadOnlyList<Classification>, double> metric
    ) =>
        [
            .. Enumerable
                .Range(0, patients)
                .Select(patient => metric([.. images.Where(image => image.Patient % patients != patient)])),
        ];

    /// <summary>Returns the variance of an estimate, or the covariance of two, from their values without each
    /// patient.</summary>
    /// <param name="first">The values of one estimate.</param>
    /// <param name="second">Those of the other, for the same patients; the same list for a variance.</param>
    public static double Covariance(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        int n = first.Count;
        (double meanFirst, double meanSecond) = (first.Sum() / n, second.Sum() / n);
        return first.Zip(second, (a, b) => (a - meanFirst) * (b - meanSecond)).Sum() * (n - 1) / n;
    }

    /// <summary>Returns the covariances that <see cref="ObuchowskiRockette"/> needs.</summary>
    /// <param name="first">Per seed, the first configuration's values without each patient; at least two seeds.</param>
    /// <param name="second">The same for the second configuration.</param>
    public static EstimateCovariances Covariances(
        IReadOnlyList<IReadOnlyList<double>> first,
        IReadOnlyList<IReadOnlyList<double>> second
    )
    {
        int seeds = first.Count;
        (int A, int B)[] others =
        [
            .. from a in Enumerable.Range(0, seeds) from b in Enumerable.Range(0, seeds) where a != b select (a, b),
        ];
        return new EstimateCovariances(
            Mean([.. first.Concat(second).Select(values => Covariance(values, values))]),
            Mean([.. first.Zip(second, Covariance)]),
            Mean([
                .. others.SelectMany(pair =>
                    Both(pair, (a, b) => (Covariance(first[a], first[b]), Covariance(second[a], second[b])))
                ),
            ]),
            Mean([.. others.Select(pair => Covariance(first[pair.A], second[pair.B]))])
        );
    }

    private static IEnumerable<double> Both((int A, int B) pair, Func<int, int, (double, double)> of)
    {
        (double first, double second) = of(pair.A, pair.B);
        return [first, second];
    }

    private static double Mean(double[] values) => values.Sum() / values.Length;
}
