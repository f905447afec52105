using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Reports.Templates;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>Compares data, split, weights, software and so on of a run with the baseline's.</summary>
internal static class BaselineComparison
{
    private static readonly Aspect[] Aspects =
    [
        new("Fingerprint", run => run.Run.Summary.Fingerprint),
        new("Specification", run => run.Run.SpecHash),
        new("Seed", run => Digits.Of(run.Run.Summary.Seed)),
        new("Data", Data, (first, run) => Common(first, run, _ => true, "images")),
        new("Split", Split, (first, run) => Common(first, run, side => side == Side.Validation, "validation images")),
        new("Weights", run => RecordedPlan.OrNull(run.Run.Plan)?.WeightsSha256 ?? ""),
        new("Software", run => Software(run)),
        new(
            "Code",
            run =>
                Recorded(
                    run,
                    entry =>
                        entry.Name is ProvenanceNames.GitCommit or ProvenanceNames.GitPatch or ProvenanceNames.GitUnread
                )
        ),
        new("Machine", run => Recorded(run, entry => entry.Group == ProvenanceGroups.Machine)),
    ];

    public static List<TemplateModel> Of(IReadOnlyList<RunResult> runs) =>
        [
            .. Aspects.Select(aspect =>
            {
                string baseline = aspect.Key(runs[0]);
                return new TemplateModel
                {
                    ["name"] = aspect.Name,
                    ["answers"] = runs.Skip(1).Select(run => Answer(aspect, baseline, runs[0], run)).ToList(),
                };
            }),
        ];

    private static TemplateModel Answer(Aspect aspect, string baseline, RunResult first, RunResult run)
    {
        string own = aspect.Key(run);
        bool differs = own != baseline;
        return new()
        {
            ["text"] =
                differs ? "differs"
                : own == "" ? "not recorded"
                : "same",
            ["differs"] = differs,
            ["detail"] = differs ? aspect.Detail?.Invoke(first, run) : null,
        };
    }

    private static string Data(RunResult run) =>
        Sorted(run.Run.Images.Select(image => $"{image.Sha256} {run.Run.Classes[image.Class]}"));

    private static string Split(RunResult run) =>
        Sorted(run.Run.Images.Select(image => $"{image.Sha256} {image.Side}"));

    private static string Common(RunResult first, RunResult run, Func<Side, bool> counted, string what)
    {
        HashSet<string> Images(RunResult of) =>
            new(
                of.Run.Images.Where(image => counted(image.Side)).Select(image => image.Sha256),
                StringComparer.Ordinal
            );

        HashSet<string> own = Images(run);
        return $"{NumberFormat.Count(own.Count(Images(first).Contains))} of {NumberFormat.Count(own.Count)} {what} in common";
    }

    private static string Software(RunResult run) =>
        Sorted(RecordedPlan.OrNull(run.Run.Plan)?.Software.Select(entry => $"{entry.Key}={entry.Value}") ?? []);

    private static string Recorded(RunResult run, Func<ProvenanceEntry, bool> counts) =>
        Sorted(run.Run.Provenance.Where(counts).Select(entry => $"{entry.Name}={entry.Value}"));

    private static string Sorted(IEnumerable<string> parts) => string.Join('\n', parts.Order(StringComparer.Ordinal));

    /// <summary>A property that two runs may share.</summary>
    /// <param name="Key">Equal keys mean that the property is shared; an empty string if it is not recorded.</param>
    /// <param name="Detail">How far the runs differ, or null.</param>
    private sealed record Aspect(
        string Name,
        Func<RunResult, string> Key,
        Func<RunResult, RunResult, string>? Detail = null
    );
}
