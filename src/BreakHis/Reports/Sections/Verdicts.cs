using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Reports.Templates;
using BreakHis.Specs.Problems;
using BreakHis.Statistics;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Reports.Sections;

/// <summary>
/// Whether one configuration of the page is better than another: its last stage against that of the first configuration
/// or, if there is only one, its stages against each other.
/// </summary>
internal static class Verdicts
{
    /// <summary>Returns the section, or null if there is nothing to compare.</summary>
    public static TemplateModel? Of(IReadOnlyList<RunResult> runs)
    {
        (Configuration First, Configuration Second)[] pairs = [.. Pairs(runs)];
        if (pairs.Length == 0)
        {
            return null;
        }

        TemplateModel[] rows =
        [
            .. pairs.Select(pair => new TemplateModel { ["first"] = Name(pair.First), ["second"] = Name(pair.Second) }),
        ];
        List<(TemplateModel Row, Comparison Comparison)> compared = [];
        foreach ((TemplateModel row, (Configuration first, Configuration second)) in rows.Zip(pairs))
        {
            try
            {
                compared.Add(
                    (row, Comparison.Of(first, second, Side.Validation, margin: null, comparisons: pairs.Length))
                );
            }
            catch (InputException e)
            {
                row["reason"] = e.Message;
            }
        }

        foreach (
            (TemplateModel row, Comparison comparison) in compared
                .Select(one => one.Row)
                .Zip(SeveralComparisons.Together([.. compared.Select(one => one.Comparison)]))
        )
        {
            Fill(row, comparison);
        }

        return new() { ["several"] = pairs.Length > 1, ["rows"] = rows.ToList() };
    }

    private static IEnumerable<(Configuration First, Configuration Second)> Pairs(IReadOnlyList<RunResult> runs)
    {
        RunResult[][] configurations =
        [
            .. runs.Where(run => run.Last is not null && Readers.IsSound(run.Run))
                .GroupBy(
                    run => ConfigurationKey.Of(run.Run.Spec, run.Run.Plan) ?? run.Run.Summary.Id,
                    StringComparer.Ordinal
                )
                .Select(group => group.ToArray()),
        ];
        if (configurations is not [var only])
        {
            return configurations.Skip(1).Select(other => (Last(configurations[0]), Last(other)));
        }

        string[] stages =
        [
            .. only.SelectMany(run => run.Stages)
                .Where(stage => stage.Classified.Count > 0)
                .Select(stage => stage.Stage.Name)
                .Distinct(StringComparer.Ordinal),
        ];
        // Nothing else is on the page, so the stages need no letters.
        return stages.Zip(
            stages.Skip(1),
            (first, second) => (At(only, first) with { Label = "" }, At(only, second) with { Label = "" })
        );
    }

    private static Configuration Last(RunResult[] runs) => At(runs, runs[0].Run.LastStage());

    private static Configuration At(RunResult[] runs, string stage) =>
        new(Letters(runs), stage, runs[0].Run.Classes, [.. runs.Select(run => run.Run)]);

    private static string Letters(RunResult[] runs) =>
        runs.Length > 2 && runs[^1].Index - runs[0].Index == runs.Length - 1
            ? $"{runs[0].Letter} to {runs[^1].Letter}"
            : Listing.Words([.. runs.Select(run => run.Letter)]);

    private static void Fill(TemplateModel row, Comparison comparison)
    {
        Decision decision = comparison.Verdict.Decision;
        row["verdict"] = comparison.Verdict is { Kind: VerdictKind.Equivalent, Margin: double margin }
            ? Invariant($"{comparison.Verdict.Word()}, within {100 * margin:0.###} points")
            : comparison.Verdict.Word();
        row["difference"] = NumberFormat.Points(decision.Difference);
        row["interval"] = Interval(decision.Interval);
        row["p"] = PValue.Of(comparison.Verdict.P);
        row["test"] = decision.Name;
        row["population"] = decision.Population;
        row["images"] = NumberFormat.Count(comparison.Images, "image");
        row["patients"] = comparison.ArePatientsKnown ? NumberFormat.Count(comparison.Patients, "patient") : null;
        row["seeds"] = NumberFormat.Count(comparison.Seeds.Count, "seed");
        row["notes"] = new[] { comparison.Verdict.Needed }
            .OfType<string>()
            .Concat(comparison.Notes)
            .Select(Capital.First)
            .ToList();
    }

    private static string Interval(Interval interval) =>
        $"{NumberFormat.Points(interval.Low)} to {NumberFormat.Points(interval.High)}";

    private static string Name(Configuration configuration) =>
        $"{configuration.Label} {StageResult.Titled(configuration.Stage)}".TrimStart();
}
