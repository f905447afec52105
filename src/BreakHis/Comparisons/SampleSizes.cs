using BreakHis.Statistics;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Comparisons;

/// <summary>
/// How many patients or seeds would decide: for a power of 80 % at a two-sided level of 5 %, if patients and seeds vary as
/// these do.
/// </summary>
internal static class SampleSizes
{
    private const double Power = NormalQuantiles.Of975 + NormalQuantiles.Of800;

    private const int Most = 1_000_000;

    /// <summary>Returns the numbers in words, or null if the difference is zero and no margin was named, or there is only one patient.</summary>
    public static string? Of(PairedReadings paired, SeedEstimates? perSeed, double difference, double? margin)
    {
        double effect = margin ?? Math.Abs(difference);
        if (effect <= 0 || paired.Patients < 2)
        {
            return null;
        }

        double target = effect / Power * (effect / Power);
        (double overPatients, double overSeeds, double seedsTimes, double patientsOnly) = perSeed is null
            ? OneSeed(paired)
            : Several(perSeed);
        string[] ways =
        [
            .. Way(paired.Patients, overPatients / (target - overSeeds), paired.Unit),
            .. perSeed is null ? [] : Way(1, seedsTimes / (target - patientsOnly), "seed"),
        ];
        string what = Invariant($"to find a difference of {effect * 100:0.0} points with 80 % power");
        return ways.Length == 0
            ? $"{what}, neither more patients nor more seeds alone would do"
            : $"{what}, it would take {string.Join(", or ", ways)}";
    }

    private static IEnumerable<string> Way(int now, double times, string what) =>
        times > 0 && now * times < Most ? [$"about {Plural.Of((long)Math.Ceiling(now * times), what)}"] : [];

    private static (double, double, double, double) OneSeed(PairedReadings paired)
    {
        IReadOnlyList<PairTable> tables = paired.Tables();
        double squares = tables.Sum(table => (double)table.Difference * table.Difference);
        return (squares * tables.Count / (tables.Count - 1.0) / ((double)paired.Images * paired.Images), 0, 0, 0);
    }

    /// <summary>
    /// The variance of the difference in parts: what shrinks with more patients, what shrinks only with more seeds; and
    /// times the number of seeds, what shrinks with more seeds, and what does not.
    /// </summary>
    private static (double, double, double, double) Several(SeedEstimates perSeed)
    {
        EstimateCovariances c = perSeed.Covariances;
        double interaction = ObuchowskiRockette.MeanSquareOfInteraction(perSeed.First, perSeed.Second);
        double shared = ObuchowskiRockette.Shared(c);
        double ofPatients = Math.Clamp(c.Variance - c.SameReader - shared, 0, interaction);
        int seeds = perSeed.First.Count;
        return (
            (2 * shared) + (2 * ofPatients / seeds),
            2 * (interaction - ofPatients) / seeds,
            2 * interaction,
            2 * shared
        );
    }
}
