using BreakHis.Plans;

namespace BreakHis.Reports;

/// <summary>One row a run and stage, and each class's recall side by side where there are several rows.</summary>
internal static class Summary
{
    private const double PlotWidth = 132;
    private const double PlotHeight = 18;

    public static Model Of(IReadOnlyList<RunResult> runs)
    {
        var rows = runs.SelectMany(run =>
            run.Stages.Where(stage => stage.Scores is not null).Select(stage => (run, stage))
        );
        var intervals = rows.Select(row => Accuracy(row.run, row.stage)).OfType<Interval>().ToList();
        var axis = Axis.Around(
            intervals
                .SelectMany(interval => new[] { interval.Low, interval.High })
                .Concat(runs.Select(r => r.LargestClassShare).OfType<double>()),
            0,
            1,
            4
        );
        return new()
        {
            ["several"] = runs.Count > 1,
            ["rows"] = rows.Select(row => Row(row.run, row.stage, runs[0], axis)).ToList(),
            ["low"] = Numbers.Percent(axis.Low),
            ["high"] = Numbers.Percent(axis.High),
            ["width"] = Numbers.Coordinate(PlotWidth),
            ["height"] = Numbers.Coordinate(PlotHeight),
            ["guesses"] = runs.Where(run => run.LargestClassShare is not null)
                .GroupBy(Guess, StringComparer.Ordinal)
                .Select(Guesses(runs.Count))
                .ToList(),
        };
    }

    private static string Guess(RunResult run)
    {
        var largest = run
            .Run.Images.Where(image => image.Side == Side.Validation)
            .GroupBy(image => image.Class)
            .MaxBy(group => group.Count())!;
        return $"always answering {run.Run.Classes[largest.Key]} would be right on {Numbers.Percent(run.LargestClassShare!.Value)}";
    }

    private static Func<IGrouping<string, RunResult>, string> Guesses(int runs) =>
        group =>
            group.Count() == runs
                ? $"For comparison, {group.Key}."
                : $"For comparison, {group.Key} (run {string.Join(", ", group.Select(run => run.Letter))}).";

    private static Model Row(RunResult run, StageResult stage, RunResult baseline, Axis axis)
    {
        var (scores, end) = (stage.Scores!, stage.Stage.End);
        double seconds = stage.Stage.Epochs.Sum(epoch => epoch.Seconds);
        double speed = Statistics.Median(
            stage.Stage.Epochs.Where(epoch => epoch.Epoch > 0).Select(epoch => epoch.ImagesPerSecond)
        );
        return new()
        {
            ["letter"] = run.Letter,
            ["colour"] = Palette.Colour(run.Index),
            ["stage"] = stage.Title,
            ["accuracy"] = Numbers.Percent(scores.Accuracy),
            ["interval"] = Plot(run, stage, axis),
            ["balanced"] = Numbers.Percent(scores.BalancedAccuracy),
            ["f1"] = Numbers.Decimal(scores.MacroF1),
            ["loss"] = Numbers.Decimal(scores.Loss),
            ["images"] = Numbers.Count(run.ValidationImages),
            ["patients"] = run.ValidationPatients == 0 ? Numbers.None : Numbers.Count(run.ValidationPatients),
            ["kept"] = end is null ? Numbers.None : Numbers.Plain(end.KeptEpoch),
            ["epochs"] = Numbers.Plain(stage.EpochsTrained),
            ["remark"] =
                end is null ? "not ended"
                : end.StoppedEarly ? "stopped early"
                : null,
            ["time"] = Numbers.Duration(seconds),
            ["speed"] = double.IsNaN(speed) ? Numbers.None : Numbers.Significant(speed),
            ["difference"] = Difference(run, stage, baseline),
        };
    }

    private static Interval? Accuracy(RunResult run, StageResult stage) =>
        run.ValidationImages == 0 || !double.IsFinite(stage.Scores!.Accuracy)
            ? null
            : Statistics.Wilson(
                (int)Math.Round(Math.Clamp(stage.Scores!.Accuracy, 0, 1) * run.ValidationImages),
                run.ValidationImages
            );

    private static Model? Plot(RunResult run, StageResult stage, Axis axis)
    {
        if (Accuracy(run, stage) is not { } interval)
        {
            return null;
        }

        double At(double share) => axis.Along(share, 3, PlotWidth - 3);
        return new()
        {
            ["text"] = $"{Numbers.Percent(interval.Low)} to {Numbers.Percent(interval.High)}",
            ["x1"] = Numbers.Coordinate(At(interval.Low)),
            ["x2"] = Numbers.Coordinate(At(interval.High)),
            ["x"] = Numbers.Coordinate(At(stage.Scores!.Accuracy)),
            ["guess"] = run.LargestClassShare is { } guess ? Numbers.Coordinate(At(guess)) : null,
        };
    }

    /// <summary>The accuracy less the baseline's in the same stage, and, on the same images, who was right where the other was not.</summary>
    private static Model? Difference(RunResult run, StageResult stage, RunResult baseline)
    {
        if (run.Index == 0 || baseline.Stage(stage.Stage.Name) is not { Scores: { } theirs } other)
        {
            return null;
        }

        var before = other.Verdicts.ToDictionary(verdict => verdict.Image.Path, StringComparer.Ordinal);
        bool paired =
            before.Count > 0
            && before.Count == stage.Verdicts.Count
            && stage.Verdicts.All(verdict =>
                before.TryGetValue(verdict.Image.Path, out var at) && at.Image.Sha256 == verdict.Image.Sha256
            );
        int gained = paired ? stage.Verdicts.Count(v => v.Correct && !before[v.Image.Path].Correct) : 0;
        int lost = paired ? stage.Verdicts.Count(v => !v.Correct && before[v.Image.Path].Correct) : 0;
        return new()
        {
            ["points"] = Numbers.Points(stage.Scores!.Accuracy - theirs.Accuracy),
            ["pairs"] = paired ? $"{Numbers.Count(gained)} gained, {Numbers.Count(lost)} lost" : null,
        };
    }
}
