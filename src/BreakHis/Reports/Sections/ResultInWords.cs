using BreakHis.Data;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>The result in words.</summary>
internal static class ResultInWords
{
    /// <summary>Returns the last stage's accuracy.</summary>
    public static string Lead(RunResult run) =>
        WithScores(run) is [var last, ..]
            ? $"{last.Title}{(last.Stage.End is null ? ", not ended" : "")}: {NumberFormat.Percent(last.Scores!.Accuracy)} of "
                + $"{NumberFormat.Count(run.Validation.Count, "validation image")} correct{Tested(run, last)}."
            : "No epoch ended, so there is no result.";

    private static string Tested(RunResult run, StageResult last) =>
        run.Result(last.Stage.Name, Side.Test) is { Scores: { } scores } test
            ? $", and {NumberFormat.Percent(scores.Accuracy)} of {NumberFormat.Count(test.Images.Count, "test image")}"
            : "";

    /// <summary>Returns its other scores, the patients, and the earlier stages.</summary>
    public static string Rest(RunResult run)
    {
        if (WithScores(run) is not [var last, .. var before])
        {
            return "";
        }

        string patients =
            run.ValidationPatients > 0 ? NumberFormat.Count(run.ValidationPatients, "patient") : "patients unknown";
        string earlier = string.Concat(
            before.Select(stage =>
                $" {stage.Title}: {NumberFormat.Percent(stage.Scores!.Accuracy)} ({Details(stage)})."
            )
        );
        return $"{Capital.First(Details(last))}; {patients}.{earlier}";
    }

    /// <summary>
    /// Returns the range of the runs' accuracies in the baseline's last stage; null if the runs do not share that stage
    /// or have different validation images.
    /// </summary>
    public static string? Range(IReadOnlyList<RunResult> runs)
    {
        if (runs.Any(run => !Notices.SameValidation(run, runs[0])))
        {
            return null;
        }

        if (runs[0].Stages.LastOrDefault(stage => stage.Stage.End is not null) is not { } last)
        {
            return null;
        }

        var ended = runs.Select(run => (run.Letter, Stage: run.Stage(last.Stage.Name)))
            .Where(row => row.Stage?.Stage.End is not null)
            .Select(row => (row.Letter, row.Stage!.Scores!.Accuracy))
            .OrderBy(row => row.Accuracy)
            .ToList();
        return ended.Count < 2
            ? null
            : $"{last.Title}, validation accuracy: {NumberFormat.Percent(ended[0].Accuracy)} ({ended[0].Letter}) to "
                + $"{NumberFormat.Percent(ended[^1].Accuracy)} ({ended[^1].Letter}); "
                + $"baseline {NumberFormat.Percent(last.Scores!.Accuracy)} ({runs[0].Letter}).";
    }

    private static StageResult[] WithScores(RunResult run) =>
        [.. run.Stages.Reverse().Where(stage => stage.Scores is not null)];

    private static string Details(StageResult stage)
    {
        string epoch = stage.Stage.End is { } end
            ? $"epoch {Digits.Of(end.KeptEpoch)} of {Digits.Of(stage.EpochsTrained)} kept"
            : $"after epoch {Digits.Of(stage.Stage.Epochs[^1].Epoch)}";
        return $"balanced {NumberFormat.Percent(stage.Scores!.BalancedAccuracy)}, "
            + $"macro-F1 {NumberFormat.Decimal(stage.Scores!.MacroF1)}; {epoch}";
    }
}
