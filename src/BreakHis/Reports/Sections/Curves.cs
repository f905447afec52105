using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>Learning curves: three small charts per stage, each with all runs, and the numbers in tables.</summary>
internal static class Curves
{
    private static readonly Metric[] Metrics =
    [
        new("loss", "Loss", "mean cross-entropy, nats", scores => scores.Loss, double.MaxValue, IsShare: false)
        {
            ShowsZero = true,
        },
        new("accuracy", "Accuracy", "fraction of images correct", scores => scores.Accuracy, 1, IsShare: true),
        new("f1", "Macro-F1", "mean F1 over the classes", scores => scores.MacroF1, 1, IsShare: false),
    ];

    public static TemplateModel Of(IReadOnlyList<RunResult> runs)
    {
        string[] stages =
        [
            .. Summary.StageNames(runs).Where(name => runs.Any(run => run.Stage(name) is { Stage.Epochs.Count: > 0 })),
        ];
        Dictionary<Metric, Axis> axes = Metrics.ToDictionary(metric => metric, metric => AxisOf(runs, metric));
        return new()
        {
            ["several"] = runs.Count > 1,
            ["begins_at_zero"] = runs.Any(run => run.Run.Stages.Any(stage => stage.Epochs.Any(e => e.Epoch == 0))),
            ["legend"] = runs.Select(Legend).ToList(),
            ["stages"] = stages.Select((stage, place) => Stage(runs, stage, place, axes)).ToList(),
        };
    }

    private static TemplateModel Stage(
        IReadOnlyList<RunResult> runs,
        string stage,
        int place,
        Dictionary<Metric, Axis> axes
    )
    {
        var drawn = runs.Where(run => run.Stage(stage) is { Stage.Epochs.Count: > 0 }).ToList();
        return new()
        {
            ["title"] = drawn[0].Stage(stage)!.Title,
            ["charts"] = Metrics.Select(metric => Chart(drawn, stage, place, metric, axes[metric])).ToList(),
            ["tables"] = drawn.Select(run => Table(run, run.Stage(stage)!)).ToList(),
        };
    }

    private static TemplateModel Chart(List<RunResult> runs, string stage, int place, Metric metric, Axis axis)
    {
        int epochs = runs.Max(run => run.Stage(stage)!.Stage.Epochs.Max(epoch => epoch.Epoch));
        var frame = new ChartFrame(axis, Axis.Whole(epochs, 5), Math.Max(epochs, 1), metric.IsShare);
        var lines = runs.SelectMany(run => Lines(run, run.Stage(stage)!, metric, runs.Count == 1)).ToList();
        TemplateModel model = frame.Draw(lines);
        model["id"] = $"curve-{Digits.Of(place + 1)}-{metric.Name}";
        model["title"] = $"{metric.Title}, {runs[0].Stage(stage)!.Title}";
        model["heading"] = metric.Title;
        model["unit"] = metric.Meaning;
        model["description"] = string.Join(
            " ",
            runs.Select(run => Describe(run, run.Stage(stage)!, metric, runs.Count > 1))
        );
        return model;
    }

    private static IEnumerable<ChartLine> Lines(RunResult run, StageResult stage, Metric metric, bool alone)
    {
        IReadOnlyList<EpochEnded> epochs = stage.Stage.Epochs;
        IEnumerable<ChartPoint> train = epochs
            .Where(epoch => epoch.Train is not null)
            .Select(epoch => new ChartPoint(epoch.Epoch, metric.Of(epoch.Train!)));
        IEnumerable<ChartPoint> validation = epochs.Select(epoch => new ChartPoint(
            epoch.Epoch,
            metric.Of(epoch.Validation)
        ));
        yield return new ChartLine(run.Index, IsTrain: true, alone ? "train" : "", [.. train], null);
        yield return new ChartLine(
            run.Index,
            IsTrain: false,
            alone ? "validation" : run.Letter,
            [.. validation],
            stage.Stage.End?.KeptEpoch
        );
    }

    private static string Describe(RunResult run, StageResult stage, Metric metric, bool several)
    {
        (EpochEnded first, EpochEnded last) = (stage.Stage.Epochs[0], stage.Stage.Epochs[^1]);
        string kept = stage.Stage.End is { } end
            ? $"; epoch {Digits.Of(end.KeptEpoch)} kept at {metric.Text(metric.Of(end.Kept))}"
            : "";
        return $"{(several ? $"Run {run.Letter}: validation" : "Validation")} from {metric.Text(metric.Of(first.Validation))} in epoch "
            + $"{Digits.Of(first.Epoch)} to {metric.Text(metric.Of(last.Validation))} in epoch {Digits.Of(last.Epoch)}{kept}.";
    }

    private static Axis AxisOf(IReadOnlyList<RunResult> runs, Metric metric)
    {
        IEnumerable<double> values = runs.SelectMany(run => run.Stages)
            .SelectMany(stage => stage.Stage.Epochs)
            .SelectMany(epoch => new[] { epoch.Train, epoch.Validation })
            .OfType<Scores>()
            .Select(metric.Of);
        return Axis.Around(metric.ShowsZero ? values.Append(0) : values, 0, metric.Most, 4);
    }

    private static TemplateModel Legend(RunResult run) =>
        new()
        {
            ["letter"] = run.Letter,
            ["colour"] = SeriesStyle.Colour(run.Index),
            ["name"] = run.Label,
            ["marker"] = SeriesStyle.Marker(run.Index, 17, 8, 4),
        };

    private static TemplateModel Table(RunResult run, StageResult stage) =>
        new()
        {
            ["letter"] = run.Letter,
            ["title"] = stage.Title,
            ["rows"] = stage
                .Stage.Epochs.Select(epoch => new TemplateModel
                {
                    ["epoch"] = Digits.Of(epoch.Epoch),
                    ["kept"] = stage.Stage.End?.KeptEpoch == epoch.Epoch,
                    ["cells"] = Cells(epoch).ToList(),
                })
                .ToList(),
        };

    private static IEnumerable<string> Cells(EpochEnded epoch)
    {
        foreach (Metric metric in Metrics)
        {
            yield return epoch.Train is null ? NumberFormat.None : metric.Text(metric.Of(epoch.Train));
            yield return metric.Text(metric.Of(epoch.Validation));
        }

        yield return NumberFormat.Percent(epoch.Validation.BalancedAccuracy);
        yield return NumberFormat.Significant(epoch.LearningRate);
        yield return NumberFormat.Duration(epoch.Seconds);
        yield return epoch.Epoch == 0 ? NumberFormat.None : NumberFormat.Significant(epoch.ImagesPerSecond);
    }

    private sealed record Metric(
        string Name,
        string Title,
        string Meaning,
        Func<Scores, double> Of,
        double Most,
        bool IsShare
    )
    {
        /// <summary>Whether the axis starts at 0, whatever the values.</summary>
        public bool ShowsZero { get; init; }

        public string Text(double value) => IsShare ? NumberFormat.Percent(value) : NumberFormat.Decimal(value);
    }
}
