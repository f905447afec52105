using System.Diagnostics;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>The top of a report: the runs, how they ended, the result in words, and the notices.</summary>
internal static class Overview
{
    public static TemplateModel Of(IReadOnlyList<RunResult> runs)
    {
        string[] names = [.. runs.Select(run => run.Run.Summary.Name).Distinct(StringComparer.Ordinal)];
        return new()
        {
            ["title"] = Title(names),
            ["kind"] = runs.Count == 1 ? "Experiment report" : $"Comparison of {NumberFormat.Count(runs.Count)} runs",
            ["abouts"] = runs.Select(run => RecordedSpec.Of(run.Run.Spec).About)
                .OfType<string>()
                .Where(about => about != "")
                .Distinct(StringComparer.Ordinal)
                .ToList(),
            ["several"] = runs.Count > 1,
            ["range"] = runs.Count > 1 ? ResultInWords.Range(runs) : null,
            ["runs"] = runs.Select(Run).ToList(),
            ["troubles"] = runs.Where(run => run.Run.Summary.State != RunState.Finished)
                .Select(Trouble(runs.Count))
                .ToList(),
            ["notices"] = Notices.Of(runs).ToList(),
        };
    }

    private static string Title(string[] names) =>
        names.Length switch
        {
            <= 3 => string.Join(" · ", names),
            _ => Listing.Words(names, shown: 1),
        };

    private static TemplateModel Run(RunResult run) =>
        new()
        {
            ["letter"] = run.Letter,
            ["colour"] = SeriesStyle.Colour(run.Index),
            ["name"] = run.Run.Summary.Name,
            ["id"] = run.Run.Summary.Id,
            ["seed"] = Digits.Of(run.Run.Summary.Seed),
            ["choices"] = run.Run.Summary.Choices.Select(choice => $"{choice.Path}: {choice.Value}").ToList(),
            ["started"] = NumberFormat.Moment(run.Run.Summary.StartedAt),
            ["fingerprint"] = ShortHash.Of(run.Run.Summary.Fingerprint),
            ["state"] = State(run.Run.Summary.State),
            ["finished"] = run.Run.Summary.State == RunState.Finished,
            ["lead"] = ResultInWords.Lead(run),
            ["rest"] = ResultInWords.Rest(run),
        };

    private static string State(RunState state) => state == RunState.Running ? "not ended" : LedgerText.Word(state);

    private static Func<RunResult, TemplateModel> Trouble(int runs) =>
        run =>
            new()
            {
                ["who"] = runs == 1 ? "This run" : $"Run {run.Letter}",
                ["what"] = run.Run.Summary.State switch
                {
                    RunState.Failed => "failed.",
                    RunState.Interrupted => "was interrupted.",
                    RunState.Running => "has not ended: it is still running, or was killed.",
                    _ => throw new UnreachableException($"unknown: {run.Run.Summary.State}"),
                },
                ["so"] = run.Stages.Any(stage => stage.Scores is not null)
                    ? "This page shows how far it got, not a result."
                    : "There is no result.",
                ["failure"] = run.Run.Failure,
            };
}
