using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans.Checks;
using BreakHis.Specs.Problems;
using BreakHis.Statistics;
using BreakHis.Wording;

namespace BreakHis.Comparisons;

/// <summary>One side of a comparison.</summary>
/// <param name="Accuracies">The accuracy of each seed that counts.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Spread">Their standard deviation; null with one seed.</param>
/// <param name="Runs">The IDs of the runs that count, seed by seed.</param>
/// <param name="Missing">Why other runs do not count, one line each.</param>
internal sealed record ComparedSide(
    string Label,
    string Stage,
    IReadOnlyList<double> Accuracies,
    double Mean,
    double? Spread,
    IReadOnlyList<string> Runs,
    IReadOnlyList<string> Missing
);

/// <summary>A test that stands beside the one that decides.</summary>
/// <param name="Says">What it applies to, or why it is not used.</param>
internal sealed record OtherTest(string Name, string Says, double P);

/// <summary>Whether the second of two configurations is better than the first.</summary>
/// <param name="Side">The side of the split whose images were compared.</param>
/// <param name="Seeds">The seeds that count.</param>
/// <param name="Folds">The folds over which a seed's predictions were pooled; empty without folds.</param>
/// <param name="PlannedSeeds">How many seeds were planned, if there is a look after each; null if the comparison is made
/// once.</param>
/// <param name="Leaks">What is wrong with the splits of the runs that count, one line per kind of leak.</param>
/// <param name="Tests">The tests that do not decide.</param>
internal sealed record Comparison(
    ComparedSide First,
    ComparedSide Second,
    Side Side,
    int Images,
    int Patients,
    bool ArePatientsKnown,
    IReadOnlyList<string> Seeds,
    int? PlannedSeeds,
    IReadOnlyList<string> Folds,
    IReadOnlyList<string> Leaks,
    Verdict Verdict,
    IReadOnlyList<MetricRow> Metrics,
    IReadOnlyList<OtherTest> Tests,
    IReadOnlyList<string> Notes
)
{
    /// <summary>Compares two configurations on one side of the split.</summary>
    /// <param name="margin">The difference in accuracy that does not matter, above 0; null for that of the specs.</param>
    /// <param name="plannedSeeds">How many seeds are planned, if there is a look after each; null if the comparison is
    /// made once.</param>
    /// <param name="comparisons">How many comparisons count together.</param>
    /// <exception cref="InputException">They have no seed, image or classes in common, or more seeds than
    /// planned.</exception>
    public static Comparison Of(
        Configuration first,
        Configuration second,
        Side side,
        double? margin,
        int? plannedSeeds = null,
        int comparisons = 1
    )
    {
        List<string> notes = [];
        (Readings a, Readings b, PairedReadings paired) = Pair(first, second, side, notes);
        double? matters = margin ?? SpecMargin.Of(first, second, notes);
        Reading[] used = [.. a.All.Where(reading => paired.Seeds.Contains(reading.Seed, StringComparer.Ordinal))];
        if (used[0].Folds.Count > 1)
        {
            notes.Add("the folds of a seed share training patients, so their results depend on each other");
        }

        if (paired.Seeds.Count == 1)
        {
            notes.Add("one seed cannot show how much another seed would change the result");
        }

        Levels levels = LevelsOf(paired, plannedSeeds).For(comparisons);
        if (paired.Patients < DecidingTest.FewPatients && OutOfReach(paired, levels) is string note)
        {
            notes.Add(note);
        }

        var perSeed = SeedEstimates.Of(paired);
        Decision decision = DecidingTest.Of(paired, perSeed, levels);
        return new Comparison(
            Compared(first, a, paired.Seeds, paired.First),
            Compared(second, b, paired.Seeds, paired.Second),
            side,
            paired.Images,
            paired.Patients,
            paired.ArePatientsKnown,
            paired.Seeds,
            plannedSeeds,
            used[0].Folds,
            LeaksIn([
                .. first
                    .Runs.Concat(second.Runs)
                    .DistinctBy(run => run.Summary.Id, StringComparer.Ordinal)
                    .Where(Counts),
            ]),
            Verdict.Of(decision, matters, () => SampleSizes.Of(paired, perSeed, decision.Difference, matters)),
            Comparisons.Metrics.Of(paired, first.Classes),
            OtherTests.Of(paired, perSeed, decision.Name),
            notes
        );

        bool Counts(RecordedRun run) =>
            a
                .All.Concat(b.All)
                .Where(reading => paired.Seeds.Contains(reading.Seed, StringComparer.Ordinal))
                .Any(reading => reading.Runs.Contains(run.Summary.Id, StringComparer.Ordinal));
    }

    private static IReadOnlyList<string> LeaksIn(IReadOnlyList<RecordedRun> runs) =>
        [
            .. runs.SelectMany(run => run.SplitChecks.Select(check => (run.Summary.Id, Check: check)))
                .Where(found => found.Check.Verdict == LeakVerdict.Leak)
                .GroupBy(found => found.Check.Name, StringComparer.Ordinal)
                .Select(kind =>
                    $"{kind.Count()} of {Plural.Of(runs.Count, "run")} {Plural.Word(kind.Count(), "has", "have")} a leak: {kind.First().Check.Text} ({kind.First().Id})"
                ),
        ];

    /// <summary>Returns what is compared: the seeds and images that both configurations have.</summary>
    /// <exception cref="InputException">They have no seed, image or classes in common.</exception>
    public static PairedReadings Paired(Configuration first, Configuration second, Side side) =>
        Pair(first, second, side, []).Paired;

    private static (Readings First, Readings Second, PairedReadings Paired) Pair(
        Configuration first,
        Configuration second,
        Side side,
        List<string> notes
    )
    {
        Readings a = Readers.Of(first, side);
        Readings b = Readers.Of(second, side);
        return first.Classes.SequenceEqual(second.Classes, StringComparer.Ordinal)
            ? (a, b, Pairing.Of(a, b, notes))
            : throw new InputException(
                ProblemCodes.NotComparable,
                "the two have different classes, so they cannot be compared"
            );
    }

    private static Levels LevelsOf(PairedReadings paired, int? plannedSeeds) =>
        plannedSeeds is not int planned ? Levels.Once
        : paired.Seeds.Count < 2
            ? throw new InputException(
                ProblemCodes.NotComparable,
                "one seed does not show how seeds vary, so the first look is after the second seed"
            )
        : paired.Seeds.Count <= planned ? Levels.After(paired.Seeds.Count, planned)
        : throw new InputException(
            ProblemCodes.NotComparable,
            $"{Plural.Of(paired.Seeds.Count, "seed")} {Plural.Word(paired.Seeds.Count, "counts", "count")}, but {planned} {Plural.Word(planned, "was", "were")} planned; looks at more seeds than planned have no verdict"
        );

    private static string? OutOfReach(PairedReadings paired, Levels levels)
    {
        int differing = paired.Tables().Count(table => table.Difference != 0);
        return SignFlip.Smallest(differing) is var p && p > levels.Difference
            ? $"the two differ only for {Plural.Of(differing, paired.Unit)}, so no test over {paired.Unit}s can give a p-value below {Digits.InFull(p)}: significance is out of reach"
            : null;
    }

    private static ComparedSide Compared(
        Configuration configuration,
        Readings readings,
        IReadOnlyList<string> seeds,
        IReadOnlyList<IReadOnlyList<Classification>> images
    )
    {
        double[] accuracies = [.. images.Select(SeedEstimates.Accuracy)];
        double mean = accuracies.Average();
        return new ComparedSide(
            configuration.Label,
            configuration.Stage,
            accuracies,
            mean,
            accuracies.Length < 2
                ? null
                : Math.Sqrt(accuracies.Sum(x => (x - mean) * (x - mean)) / (accuracies.Length - 1.0)),
            [
                .. readings
                    .All.Where(reading => seeds.Contains(reading.Seed, StringComparer.Ordinal))
                    .SelectMany(reading => reading.Runs),
            ],
            readings.Missing
        );
    }
}
