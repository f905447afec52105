namespace BreakHis.Statistics;

/// <summary>Covariances of a metric's estimates over resampled patients.</summary>
/// <param name="Variance">The variance of an estimate.</param>
/// <param name="SameReader">Between two configurations with the same seed (Cov1).</param>
/// <param name="SameTest">Between two seeds of the same configuration (Cov2).</param>
/// <param name="Other">Between two seeds of different configurations (Cov3).</param>
internal sealed record EstimateCovariances(double Variance, double SameReader, double SameTest, double Other);

/// <summary>
/// The test of Obuchowski and Rockette (Commun. Stat. Simul. Comput. 24:285-308, 1995) for a metric of two
/// configurations ("tests") under several seeds ("readers") on the same patients ("cases"). Its interval is about new
/// seeds and new patients.
/// </summary>
internal static class ObuchowskiRockette
{
    private const double Rounding = 1e-12;

    /// <summary>Tests whether the means over seeds differ, with the degrees of freedom of Hillis 2005 (Stat. Med.
    /// 24:1579-1607).</summary>
    /// <param name="first">The metric of the first configuration, one number per seed; at least two.</param>
    /// <param name="second">The metric of the second one, for the same seeds in the same order.</param>
    /// <param name="covariances">The covariances of these numbers over patients.</param>
    public static TTest Compare(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        EstimateCovariances covariances
    )
    {
        (double interaction, double shared) = Parts(first, second, covariances);
        double all = interaction + shared;
        double degrees = all * all / (interaction * interaction / (first.Count - 1));
        return new TTest(Difference(first, second), Error(first, all), degrees);
    }

    /// <summary>
    /// Tests the same with critical values that are cautious also for two or three seeds: the variance over seeds has one
    /// degree of freedom less than there are seeds, and what all seeds share over patients one less than there are patients.
    /// If all seeds happen to agree, so that both are zero, the variance over patients remains.
    /// </summary>
    /// <param name="first">The metric of the first configuration, one number per seed; at least two.</param>
    /// <param name="second">The metric of the second one, for the same seeds in the same order.</param>
    /// <param name="covariances">The covariances of these numbers over patients.</param>
    /// <param name="patients">The number of patients.</param>
    public static CochranCox CompareCautiously(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        EstimateCovariances covariances,
        int patients
    )
    {
        (double interaction, double shared) = Parts(first, second, covariances);
        if (interaction + shared <= Rounding * covariances.Variance)
        {
            double within = Math.Max(0, covariances.Variance - covariances.SameReader);
            return new CochranCox(Difference(first, second), Error(first, within), [(within, patients - 1)]);
        }

        return new CochranCox(
            Difference(first, second),
            Error(first, interaction + shared),
            [(interaction, first.Count - 1), (shared, patients - 1)]
        );
    }

    private static (double Interaction, double Shared) Parts(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        EstimateCovariances covariances
    ) => (MeanSquareOfInteraction(first, second), first.Count * Shared(covariances));

    private static double Difference(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        (second.Sum() - first.Sum()) / first.Count;

    private static double Error(IReadOnlyList<double> first, double variance) => Math.Sqrt(2 * variance / first.Count);

    /// <summary>
    /// Returns what the seeds of a configuration have in common beyond what all have: Cov2 - Cov3, at least 0, and 0 if it
    /// is only due to rounding.
    /// </summary>
    public static double Shared(EstimateCovariances covariances) =>
        covariances.SameTest - covariances.Other is var shared && shared > Rounding * covariances.Variance ? shared : 0;

    /// <summary>MS(T:R) of the two-way analysis of variance without replication.</summary>
    public static double MeanSquareOfInteraction(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] differences = [.. first.Zip(second, (a, b) => b - a)];
        double mean = differences.Sum() / differences.Length;
        return differences.Sum(difference => (difference - mean) * (difference - mean))
            / (2 * (differences.Length - 1.0));
    }
}
