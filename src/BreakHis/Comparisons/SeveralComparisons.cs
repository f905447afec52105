using BreakHis.Data;
using BreakHis.Files;
using BreakHis.Numerics;
using BreakHis.Specs.Problems;
using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>Several configurations compared with a first one, so that all verdicts count together.</summary>
/// <param name="Comparisons">One for each configuration after the first. Their intervals are those of Bonferroni, and their
/// verdicts rest on the p-values of Holm.</param>
/// <param name="MaxT">For each comparison the p-value of sign flips over patients that count together, for these seeds; null
/// if the comparisons are not on the same images and seeds.</param>
/// <param name="Best">The labels and stages of the configuration with the highest accuracy and of those that do not differ from it
/// significantly, over all pairs.</param>
internal sealed record SeveralComparisons(
    IReadOnlyList<Comparison> Comparisons,
    IReadOnlyList<double>? MaxT,
    IReadOnlyList<string> Best
)
{
    /// <summary>Compares configurations on one side of the split.</summary>
    /// <param name="configurations">At least two, the first one to compare the others with.</param>
    /// <param name="margin">The difference in accuracy that does not matter, above 0; null for that of the specs.</param>
    /// <param name="plannedSeeds">How many seeds are planned, if there is a look after each; null if the comparison is
    /// made once.</param>
    /// <exception cref="InputException">Two of them have no seed, image or classes in common, or more seeds than
    /// planned.</exception>
    public static SeveralComparisons Of(
        IReadOnlyList<Configuration> configurations,
        Side side,
        double? margin,
        int? plannedSeeds
    )
    {
        Configuration[] others = [.. configurations.Skip(1)];
        Comparison[] comparisons =
        [
            .. others.Select(other =>
                Comparison.Of(configurations[0], other, side, margin, plannedSeeds, others.Length)
            ),
        ];
        PairedReadings[] paired = [.. others.Select(other => Comparison.Paired(configurations[0], other, side))];
        return new SeveralComparisons(Together(comparisons), MaxTOf(paired), BestOf(configurations, side, comparisons));
    }

    /// <summary>Returns comparisons with the first configuration whose verdicts count together.</summary>
    /// <param name="comparisons">Made for at least as many comparisons.</param>
    public static IReadOnlyList<Comparison> Together(IReadOnlyList<Comparison> comparisons) =>
        [
            .. comparisons.Zip(
                Holm.Adjusted([.. comparisons.Select(comparison => comparison.Verdict.Decision.P)]),
                (comparison, p) => comparison with { Verdict = comparison.Verdict.Adjusted(p) }
            ),
        ];

    private static IReadOnlyList<double>? MaxTOf(PairedReadings[] paired)
    {
        if (
            !Array.TrueForAll(
                paired,
                one =>
                    one.Paths.SequenceEqual(paired[0].Paths, StringComparer.Ordinal)
                    && one.Seeds.SequenceEqual(paired[0].Seeds, StringComparer.Ordinal)
            )
        )
        {
            return null;
        }

        int[][] differences = [.. paired.Select(one => one.Tables().Select(table => table.Difference).ToArray())];
        string results = string.Join('\n', differences.Select(d => string.Join(' ', d)));
        return Statistics.MaxT.Adjusted(
            differences,
            RandomStream.From(0, "sign flips", item: Sha256Hex.OfText(results))
        );
    }

    /// <summary>
    /// Which is best is only known from the results, so all pairs count together (Holm).
    /// </summary>
    private static IReadOnlyList<string> BestOf(
        IReadOnlyList<Configuration> configurations,
        Side side,
        IReadOnlyList<Comparison> withFirst
    )
    {
        int count = configurations.Count;
        (int First, int Second)[] pairs =
        [
            .. Enumerable.Range(0, count).SelectMany(i => Enumerable.Range(i + 1, count - i - 1).Select(j => (i, j))),
        ];
        IReadOnlyList<double> ps = Holm.Adjusted([
            .. pairs.Select(pair =>
                pair.First == 0
                    ? withFirst[pair.Second - 1].Verdict.Decision.P
                    : P(Comparison.Paired(configurations[pair.First], configurations[pair.Second], side))
            ),
        ]);
        double[] means = [withFirst[0].First.Mean, .. withFirst.Select(comparison => comparison.Second.Mean)];
        int best = Enumerable.Range(0, count).MaxBy(i => means[i]);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Where(i =>
                    i == best
                    || ps[Array.IndexOf(pairs, (Math.Min(i, best), Math.Max(i, best)))]
                        >= withFirst[0].Verdict.Decision.Levels.Total
                )
                .OrderByDescending(i => means[i])
                .Select(i => $"{configurations[i].Label} {configurations[i].Stage}"),
        ];
    }

    private static double P(PairedReadings paired) => DecidingTest.Of(paired, SeedEstimates.Of(paired)).P;
}
