using BreakHis.Statistics;
using BreakHis.Wording;
using MathNet.Numerics.Distributions;

namespace BreakHis.Comparisons;

/// <summary>
/// The test that decides, fixed before any look at results: with fewer than <see cref="FewPatients"/> patients the exact
/// sign flip; else with one seed Obuchowski's test; else the test of Obuchowski and Rockette.
/// </summary>
internal static class DecidingTest
{
    /// <summary>Below this number of patients, only the exact test decides.</summary>
    public const int FewPatients = 15;

    /// <summary>The name of the test with one seed.</summary>
    public const string ObuchowskiName = "Obuchowski's test";

    /// <summary>The name of the test with several seeds.</summary>
    public const string ObuchowskiRocketteName = "Obuchowski-Rockette test";

    /// <summary>Tests the difference in accuracy.</summary>
    /// <param name="perSeed">The accuracies of the seeds; null if there is only one.</param>
    /// <param name="levels">The levels of the tests; those of a comparison that is made once by default.</param>
    public static Decision Of(PairedReadings paired, SeedEstimates? perSeed, Levels? levels = null) =>
        paired.Patients < FewPatients ? SignFlips(paired, levels ?? Levels.Once)
        : perSeed is null ? OneSeed(paired, levels ?? Levels.Once)
        : SeedsAndPatients(paired, perSeed, levels ?? Levels.Once);

    /// <summary>Returns whether the test applies to new seeds, not only to those that were compared.</summary>
    public static bool IsForNewSeeds(PairedReadings paired) => paired.Patients >= FewPatients && paired.Seeds.Count > 1;

    /// <summary>Returns the name of the exact test.</summary>
    public static string SignFlipName(PairedReadings paired) => $"exact sign-flip test over {paired.Unit}s";

    /// <summary>Returns what a test applies to that does not know how seeds vary.</summary>
    public static string WithTheseSeeds(PairedReadings paired) => WithTheseSeeds(paired, paired.Seeds.Count);

    /// <summary>Returns what a test of some seeds applies to that does not know how seeds vary.</summary>
    public static string WithTheseSeeds(PairedReadings paired, int seeds) =>
        $"new {paired.Unit}s, with {Plural.Word(seeds, "this seed", $"these {Digits.Of(seeds)} seeds")}";

    /// <summary>Returns what a test of seeds and patients applies to.</summary>
    public static string WithNewSeeds(PairedReadings paired) => $"new {paired.Unit}s and new seeds";

    private static Decision SeedsAndPatients(PairedReadings paired, SeedEstimates perSeed, Levels levels)
    {
        CochranCox test = ObuchowskiRockette.CompareCautiously(
            perSeed.First,
            perSeed.Second,
            perSeed.Covariances,
            paired.Patients
        );
        return new Decision(
            ObuchowskiRocketteName,
            WithNewSeeds(paired),
            test.Difference,
            test.Interval(1 - levels.Difference).Within(-1, 1),
            Equivalence.Of(paired.Tables(), test, levels.Equivalence),
            test.P,
            levels
        );
    }

    private static Decision SignFlips(PairedReadings paired, Levels levels)
    {
        IReadOnlyList<PairTable> tables = paired.Tables();
        int[] differences = [.. tables.Select(table => table.Difference)];
        (int, int)[] rates = [.. tables.Select(table => (table.Difference, table.Images))];
        return new Decision(
            SignFlipName(paired),
            WithTheseSeeds(paired),
            (double)differences.Sum() / tables.Sum(table => table.Images),
            SignFlip.Interval(rates, 1 - levels.Difference),
            Equivalence.Of(tables, levels.Equivalence),
            SignFlip.P(differences),
            levels
        );
    }

    private static Decision OneSeed(PairedReadings paired, Levels levels)
    {
        IReadOnlyList<PairTable> tables = paired.Tables();
        PairTable all = tables.Aggregate((a, b) => a + b);
        return new Decision(
            paired.ArePatientsKnown ? ObuchowskiName : "McNemar's mid-p test",
            WithTheseSeeds(paired),
            (double)all.Difference / all.Images,
            ClusteredPairs.ScoreInterval(tables, 1 - levels.Difference),
            Equivalence.Of(tables, levels.Equivalence),
            paired.ArePatientsKnown
                ? OfChiSquared(ClusteredPairs.Obuchowski(tables))
                : McNemar.MidP(all.OnlyFirst, all.OnlySecond),
            levels
        );
    }

    /// <summary>The p-value of a statistic that is chi-squared with one degree of freedom; 1 without a difference.</summary>
    public static double OfChiSquared(double statistic) =>
        double.IsNaN(statistic) ? 1 : 1 - ChiSquared.CDF(1, statistic);
}
