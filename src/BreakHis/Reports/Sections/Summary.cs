using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Statistics;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>One row per stage, side and run, and each class's recall side by side if there are several runs.</summary>
internal static class Summary
{
    private static readonly Side[] Sides = [Side.Validation, Side.Test];

    public static TemplateModel Of(IReadOnlyList<RunResult> runs)
    {
        (RunResult Run, StageResult Stage)[] rows =
        [
            .. StageNames(runs)
                .SelectMany(name =>
                    Sides.SelectMany(side => runs.Select(run => (Run: run, Stage: run.Result(name, side))))
                )
                .Where(row => row.Stage?.Scores is not null)
                .Select(row => (row.Run, row.Stage!)),
        ];
        var plot = new IntervalPlot([.. rows.Select(row => row.Stage)]);
        List<List<TemplateModel>> groups =
        [
            .. rows.GroupBy(row => row.Stage.Title, StringComparer.Ordinal)
                .Select(group => group.Select(row => Row(row.Run, row.Stage, runs[0], plot)).ToList()),
        ];
        return new()
        {
            ["several"] = runs.Count > 1,
            ["compares"] = groups
                .SelectMany(group => group)
                .Any(row => (row["difference"] as TemplateModel)?["pairs"] is not null),
            ["tested"] = rows.Any(row => row.Stage.Side == Side.Test),
            ["groups"] = groups,
            ["low"] = plot.Axis.Percent(plot.Axis.First),
            ["high"] = plot.Axis.Percent(plot.Axis.Ticks.Last()),
            ["width"] = NumberFormat.Coordinate(IntervalPlot.Width),
            ["guesses"] = runs.SelectMany(run => run.Results.DistinctBy(result => result.Side).Select(r => (run, r)))
                .Where(row => row.r.LargestClass is not null)
                .GroupBy(row => Guess(row.run, row.r), row => row.run, StringComparer.Ordinal)
                .Select(Guessers(runs.Count))
                .ToList(),
            ["recalls"] = runs.Count > 1 ? Recalls(runs) : null,
        };
    }

    /// <summary>Returns the stages' names, in the order in which the runs started them.</summary>
    internal static IEnumerable<string> StageNames(IEnumerable<RunResult> runs) =>
        runs.SelectMany(run => run.Stages).Select(stage => stage.Stage.Name).Distinct(StringComparer.Ordinal);

    private static string Guess(RunResult run, StageResult result) =>
        $"Always predicting {run.Run.Classes[result.LargestClass!.Value]} would be correct for {NumberFormat.Percent(result.LargestClassShare)} of the {(result.Side == Side.Test ? "test images" : "images")}";

    private static Func<IGrouping<string, RunResult>, string> Guessers(int runs) =>
        group => group.Count() == runs ? group.Key : $"{group.Key} in {Letters(group)}";

    private static string Letters(IEnumerable<RunResult> runs) => string.Join(", ", runs.Select(run => run.Letter));

    private static TemplateModel Row(RunResult run, StageResult stage, RunResult baseline, IntervalPlot plot)
    {
        (Runs.Scores scores, Runs.StageEnded? end) = (stage.Scores!, stage.Stage.End);
        double speed = ShareStatistics.Median(
            stage.Stage.Epochs.Where(epoch => epoch.Epoch > 0).Select(epoch => epoch.ImagesPerSecond)
        );
        return new()
        {
            ["letter"] = run.Letter,
            ["colour"] = SeriesStyle.Colour(run.Index),
            ["stage"] = stage.Title,
            ["accuracy"] = NumberFormat.Percent(scores.Accuracy),
            ["interval"] = plot.Draw(stage),
            ["balanced"] = NumberFormat.Percent(scores.BalancedAccuracy),
            ["patient_rate"] =
                stage.Patients.Count == 0
                    ? NumberFormat.None
                    : NumberFormat.Percent(ShareStatistics.PatientRecognitionRate(stage.Patients)),
            ["f1"] = NumberFormat.Decimal(scores.MacroF1),
            ["loss"] = NumberFormat.Decimal(scores.Loss),
            ["images"] = NumberFormat.Count(stage.Images.Count),
            ["patients"] = stage.PatientCount == 0 ? null : NumberFormat.Count(stage.PatientCount, "patient"),
            ["kept"] = end is null ? NumberFormat.None : Digits.Of(end.KeptEpoch),
            ["epochs"] = stage.Side == Side.Test ? NumberFormat.None : Digits.Of(stage.EpochsTrained),
            ["ended"] = end is not null,
            ["stopped_early"] = stage.Side != Side.Test && end?.StoppedEarly == true,
            ["time"] =
                stage.Side == Side.Test
                    ? NumberFormat.None
                    : NumberFormat.Duration(stage.Stage.Epochs.Sum(epoch => epoch.Seconds)),
            ["speed"] = stage.Side == Side.Test || double.IsNaN(speed) ? null : NumberFormat.Significant(speed),
            ["difference"] = Difference(run, stage, baseline),
        };
    }

    /// <summary>
    /// Returns the accuracy minus the baseline's in the same stage and, if the images are the same, how many only one
    /// of the two classified correctly.
    /// </summary>
    private static TemplateModel? Difference(RunResult run, StageResult stage, RunResult baseline)
    {
        if (run.Index == 0 || baseline.Result(stage.Stage.Name, stage.Side) is not { Scores: { } theirs } other)
        {
            return null;
        }

        Pairs? pairs = ShareStatistics.Pair(
            other.Classified.Select(classified => (classified.Image.Identity(), classified.Correct)),
            stage.Classified.Select(classified => (classified.Image.Identity(), classified.Correct))
        );
        return new()
        {
            ["points"] = NumberFormat.Points(stage.Scores!.Accuracy - theirs.Accuracy),
            ["pairs"] = pairs is null
                ? null
                : $"{NumberFormat.Count(pairs.Gained)} gained, {NumberFormat.Count(pairs.Lost)} lost",
        };
    }

    /// <summary>
    /// Returns each class's recall in the last predicted stage of each run; null if the classes differ.
    /// </summary>
    private static TemplateModel? Recalls(IReadOnlyList<RunResult> runs)
    {
        var lasts = runs.Where(run => run.Last is not null).ToList();
        if (
            lasts.Count < 2
            || lasts.Any(run => !run.Run.Classes.SequenceEqual(lasts[0].Run.Classes, StringComparer.Ordinal))
        )
        {
            return null;
        }

        return new()
        {
            ["runs"] = lasts
                .Select(run => new TemplateModel
                {
                    ["letter"] = run.Letter,
                    ["colour"] = SeriesStyle.Colour(run.Index),
                    ["stage"] = run.Last!.Title,
                })
                .ToList(),
            ["rows"] = lasts[0]
                .Run.Classes.Select(
                    (name, c) =>
                        new TemplateModel
                        {
                            ["name"] = ClassLabel.Pieces(name),
                            ["cells"] = lasts.Select(run => Recall(run.Last!, c)).ToList(),
                        }
                )
                .ToList(),
        };
    }

    private static TemplateModel Recall(StageResult stage, int c) =>
        new()
        {
            ["text"] = stage.Matrix.Truths(c) == 0 ? NumberFormat.None : NumberFormat.Percent(stage.Matrix.Recall(c)),
            ["images"] = NumberFormat.Count(stage.Matrix.Truths(c)),
            ["heat"] = HeatmapCell.Of(stage.Matrix.Recall(c), isHit: true),
        };
}
