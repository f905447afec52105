using System.Text;
using BreakHis.Reports.Templates;

namespace BreakHis.Reports.Charts;

/// <summary>A point of a curve.</summary>
internal sealed record ChartPoint(int Epoch, double Value);

/// <summary>A curve.</summary>
/// <param name="Run">The index of the run, which determines colour and marker.</param>
/// <param name="IsTrain">Whether it shows training images: dashed and without markers.</param>
/// <param name="Label">The label at its end, or an empty string.</param>
/// <param name="Points">The points, in order of epoch.</param>
/// <param name="Kept">The epoch to mark, or null.</param>
internal sealed record ChartLine(int Run, bool IsTrain, string Label, IReadOnlyList<ChartPoint> Points, int? Kept);

/// <summary>A chart of values over epochs; defines all dimensions of the drawing.</summary>
/// <param name="Values">The vertical axis.</param>
/// <param name="Epochs">The horizontal axis.</param>
/// <param name="Last">The last epoch drawn.</param>
/// <param name="Percent">Whether values are shares to label in percent.</param>
internal sealed record ChartFrame(Axis Values, Axis Epochs, int Last, bool Percent)
{
    private const double Width = 320;
    private const double Height = 210;
    private const double Left = 38;
    private const double Right = 246;
    private const double Top = 12;
    private const double Bottom = 178;
    private const double LabelGap = 12;
    private const int MarkersAtMost = 26;

    public TemplateModel Draw(IReadOnlyList<ChartLine> lines) =>
        new()
        {
            ["width"] = NumberFormat.Coordinate(Width),
            ["height"] = NumberFormat.Coordinate(Height),
            ["left"] = NumberFormat.Coordinate(Left),
            ["right"] = NumberFormat.Coordinate(Right),
            ["bottom"] = NumberFormat.Coordinate(Bottom),
            ["rows"] = Values.Ticks.Select(Row).ToList(),
            ["columns"] = Epochs.Ticks.Select(Column).ToList(),
            ["lines"] = lines.OrderBy(line => line.IsTrain ? 0 : 1).Select(Line).ToList(),
            ["labels"] = Labels(lines),
        };

    private double X(double epoch) => Left + epoch / Last * (Right - Left);

    private double Y(double value) => Math.Clamp(Values.Along(value, Bottom, Top), Top, Bottom);

    private TemplateModel Row(decimal tick) =>
        new()
        {
            ["y"] = NumberFormat.Coordinate(Y((double)tick)),
            ["text"] = Percent ? Values.Percent(tick) : NumberFormat.Fixed(tick, Values.Decimals),
            ["is_base"] = tick == Values.First,
        };

    private TemplateModel Column(decimal tick) =>
        new() { ["x"] = NumberFormat.Coordinate(X((double)tick)), ["text"] = NumberFormat.Fixed(tick, 0) };

    private TemplateModel Line(ChartLine line)
    {
        ChartPoint[] drawn = [.. line.Points.Where(point => double.IsFinite(point.Value))];
        ChartPoint? kept = drawn.FirstOrDefault(point => point.Epoch == line.Kept);
        return new()
        {
            ["colour"] = SeriesStyle.Colour(line.Run),
            ["kind"] = line.IsTrain ? "train" : "validation",
            ["path"] = Path(line.Points),
            ["markers"] = line.IsTrain ? "" : Markers(line, drawn),
            ["ring"] = kept is null ? null : SeriesStyle.Circle(X(kept.Epoch), Y(kept.Value), 5.8),
        };
    }

    /// <summary>Returns straight segments between epochs, interrupted at infinite values and NaN.</summary>
    private string Path(IReadOnlyList<ChartPoint> points)
    {
        var path = new StringBuilder();
        char pen = 'M';
        foreach (ChartPoint point in points)
        {
            if (double.IsFinite(point.Value))
            {
                path.Append(pen)
                    .Append(NumberFormat.Coordinate(X(point.Epoch)))
                    .Append(' ')
                    .Append(NumberFormat.Coordinate(Y(point.Value)));
            }

            pen = double.IsFinite(point.Value) ? 'L' : 'M';
        }

        return path.ToString();
    }

    /// <summary>
    /// Returns markers at few enough points to be distinguishable, including the last and the kept one.
    /// </summary>
    private string Markers(ChartLine line, ChartPoint[] points)
    {
        int every = Math.Max(1, (points.Length + MarkersAtMost - 1) / MarkersAtMost);
        return string.Concat(
            points
                .Where((point, place) => place % every == 0 || place == points.Length - 1 || point.Epoch == line.Kept)
                .Select(point => SeriesStyle.Marker(line.Run, X(point.Epoch), Y(point.Value), 2.6))
        );
    }

    /// <summary>Returns the labels at the lines' ends, moved apart; none if there is no room for all.</summary>
    private List<TemplateModel> Labels(IReadOnlyList<ChartLine> lines)
    {
        (ChartLine Line, ChartPoint End)[] ends = lines
            .Where(line => line.Label != "" && line.Points.Any(point => double.IsFinite(point.Value)))
            .Select(line => (Line: line, End: line.Points.Last(point => double.IsFinite(point.Value))))
            .OrderBy(label => Y(label.End.Value))
            .ToArray();
        if (ends.Length * LabelGap > Bottom - Top)
        {
            return [];
        }

        double[] ys = MovedApart([.. ends.Select(label => Y(label.End.Value))]);
        return
        [
            .. ends.Select(
                (label, place) =>
                    new TemplateModel
                    {
                        ["x"] = NumberFormat.Coordinate(X(label.End.Epoch) + 9),
                        ["y"] = NumberFormat.Coordinate(ys[place] + 4),
                        ["text"] = label.Line.Label,
                        ["colour"] = SeriesStyle.Colour(label.Line.Run),
                        ["kind"] = label.Line.IsTrain ? "train" : "validation",
                    }
            ),
        ];
    }

    private static double[] MovedApart(double[] ys)
    {
        for (int i = 1; i < ys.Length; i++)
        {
            ys[i] = Math.Max(ys[i], ys[i - 1] + LabelGap);
        }

        for (int i = ys.Length - 1; i >= 0; i--)
        {
            ys[i] = Math.Min(ys[i], i == ys.Length - 1 ? Bottom : ys[i + 1] - LabelGap);
        }

        return ys;
    }
}
