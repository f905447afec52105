using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>The tests that stand beside the one that decides, so that a reader sees whether the choice matters.</summary>
internal static class OtherTests
{
    /// <summary>The name of the test that stays valid however often one looks.</summary>
    public const string WinsName = "e-value of the seeds' winners";

    /// <summary>Returns the tests, except the one that decides.</summary>
    /// <param name="perSeed">The accuracies of the seeds; null if there is only one.</param>
    public static IReadOnlyList<OtherTest> Of(PairedReadings paired, SeedEstimates? perSeed, string decides)
    {
        IReadOnlyList<PairTable> tables = paired.Tables();
        OtherTest[] all =
        [
            .. OverPatients(paired, tables),
            .. perSeed is null ? OfOneSeed(paired, tables) : OverSeeds(paired, perSeed),
            Naive(tables),
        ];
        return [.. all.Where(test => test.Name != decides)];
    }

    private static IEnumerable<OtherTest> OverPatients(PairedReadings paired, IReadOnlyList<PairTable> tables)
    {
        string population = DecidingTest.WithTheseSeeds(paired);
        yield return new OtherTest(
            DecidingTest.SignFlipName(paired),
            population,
            SignFlip.P([.. tables.Select(table => table.Difference)])
        );
        if (paired.Patients > 1)
        {
            yield return new OtherTest(
                $"paired t test over {paired.Unit}s",
                $"{population}; each {paired.Unit} has the same weight",
                PairedT.Of([.. tables.Select(table => (double)table.Difference / table.Images)]).P
            );
        }
    }

    private static IEnumerable<OtherTest> OverSeeds(PairedReadings paired, SeedEstimates perSeed)
    {
        if (paired.Patients > 1)
        {
            yield return new OtherTest(
                $"{DecidingTest.ObuchowskiRocketteName}, Hillis's df",
                $"{DecidingTest.WithNewSeeds(paired)}; too many false alarms if seeds are few",
                ObuchowskiRockette.Compare(perSeed.First, perSeed.Second, perSeed.Covariances).P
            );
        }

        yield return new OtherTest(
            "paired t test over seeds",
            $"new seeds, on these {paired.Unit}s",
            PairedT.Of([.. perSeed.First.Zip(perSeed.Second, (a, b) => b - a)]).P
        );
        yield return new OtherTest(
            WinsName,
            $"new seeds, on these {paired.Unit}s; valid after every look",
            OfWins(perSeed)
        );
        for (int seed = 0; seed < paired.Seeds.Count; seed++)
        {
            yield return new OtherTest(
                $"{DecidingTest.ObuchowskiName}, seed {paired.Seeds[seed]}",
                DecidingTest.WithTheseSeeds(paired, 1),
                DecidingTest.OfChiSquared(ClusteredPairs.Obuchowski(paired.Tables(seed)))
            );
        }
    }

    /// <summary>The p-value of the number of seeds in which each configuration wins, valid after every look.</summary>
    public static double OfWins(SeedEstimates perSeed) =>
        Math.Min(
            1,
            1
                / EValue.OfWins(
                    perSeed.First.Zip(perSeed.Second).Count(seed => seed.Second > seed.First),
                    perSeed.First.Zip(perSeed.Second).Count(seed => seed.Second < seed.First)
                )
        );

    private static IEnumerable<OtherTest> OfOneSeed(PairedReadings paired, IReadOnlyList<PairTable> tables)
    {
        (string Name, double Statistic)[] tests =
        [
            (DecidingTest.ObuchowskiName, ClusteredPairs.Obuchowski(tables)),
            ("Yang's test", ClusteredPairs.Yang(tables)),
            ("Durkalski's test", ClusteredPairs.Durkalski(tables)),
            ("Eliasziw's test", ClusteredPairs.Eliasziw(tables)),
        ];
        return tests
            // With few images that distinguish the two, some statistics do not exist.
            .Where(test => test.Statistic >= 0)
            .Select(test => new OtherTest(
                test.Name,
                DecidingTest.WithTheseSeeds(paired),
                DecidingTest.OfChiSquared(test.Statistic)
            ));
    }

    private static OtherTest Naive(IReadOnlyList<PairTable> tables)
    {
        PairTable all = tables.Aggregate((a, b) => a + b);
        return new OtherTest(
            "McNemar's test",
            "treats images of one patient as independent; not used for the verdict",
            DecidingTest.OfChiSquared(McNemar.Statistic(all.OnlyFirst, all.OnlySecond))
        );
    }
}
