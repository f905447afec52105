using BreakHis.Reports.Templates;
using BreakHis.Statistics;

namespace BreakHis.Reports.Charts;

/// <summary>The intervals of the accuracies, all on one axis.</summary>
/// <param name="rows">The rows with an interval.</param>
internal sealed class IntervalPlot(IReadOnlyCollection<StageResult> rows)
{
    public const double Width = 132;
    private const double Margin = 4;

    /// <summary>The axis of shares.</summary>
    public Axis Axis { get; } =
        Axis.Around(
            rows.Select(Interval)
                .OfType<Interval>()
                .SelectMany(interval => new[] { interval.Low, interval.High })
                .Concat(rows.Select(row => row.LargestClassShare)),
            0,
            1,
            4
        );

    /// <summary>Returns the position of a row's interval, or null if it has none.</summary>
    public TemplateModel? Draw(StageResult stage)
    {
        if (Interval(stage) is not { } interval)
        {
            return null;
        }

        return new()
        {
            ["text"] = $"{NumberFormat.Percent(interval.Low)} to {NumberFormat.Percent(interval.High)}",
            ["x1"] = At(interval.Low),
            ["x2"] = At(interval.High),
            ["x"] = At(stage.Scores!.Accuracy),
            ["guess"] = At(stage.LargestClassShare),
        };
    }

    private static Interval? Interval(StageResult stage)
    {
        int images = stage.Images.Count;
        double accuracy = stage.Scores!.Accuracy;
        return images == 0 || !double.IsFinite(accuracy)
            ? null
            : ShareStatistics.Wilson((int)Math.Round(Math.Clamp(accuracy, 0, 1) * images), images);
    }

    private string At(double share) => NumberFormat.Coordinate(Axis.Along(share, Margin, Width - Margin));
}
