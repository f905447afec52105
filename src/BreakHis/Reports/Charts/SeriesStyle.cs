using BreakHis.Wording;

namespace BreakHis.Reports.Charts;

/// <summary>
/// The appearance of runs in charts: six colours based on Okabe and Ito's palette for all kinds of colour vision, whose
/// values are in <c>Templates/palette.css</c>, and six markers. The order of the markers shifts with each round of
/// colours, so that 36 runs differ in colour or marker.
/// </summary>
internal static class SeriesStyle
{
    private const int Kinds = 6;

    /// <summary>Returns the CSS class of a run's colour.</summary>
    public static string Colour(int run) => $"c{Digits.Of(run % Kinds)}";

    /// <summary>Returns the path of a run's marker around a point.</summary>
    /// <param name="run">The run's position in the report, from 0.</param>
    /// <param name="r">Half the width of the marker.</param>
    public static string Marker(int run, double x, double y, double r) =>
        ((run + run / Kinds) % Kinds) switch
        {
            0 => Circle(x, y, r),
            1 => Polygon((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)),
            2 => Polygon((x, y - 1.2 * r), (x + 1.2 * r, y + r), (x - 1.2 * r, y + r)),
            3 => Polygon((x, y - 1.4 * r), (x + 1.4 * r, y), (x, y + 1.4 * r), (x - 1.4 * r, y)),
            4 => Polygon((x, y + 1.2 * r), (x + 1.2 * r, y - r), (x - 1.2 * r, y - r)),
            _ => Polygon(Plus(x, y, 1.4 * r, 0.5 * r)),
        };

    /// <summary>Returns the path of a circle.</summary>
    public static string Circle(double x, double y, double r)
    {
        string arc = $"A{N(r)} {N(r)} 0 1 1 ";
        return $"M{N(x - r)} {N(y)}{arc}{N(x + r)} {N(y)}{arc}{N(x - r)} {N(y)}Z";
    }

    private static (double, double)[] Plus(double x, double y, double far, double near) =>
        [
            (x - near, y - far),
            (x + near, y - far),
            (x + near, y - near),
            (x + far, y - near),
            (x + far, y + near),
            (x + near, y + near),
            (x + near, y + far),
            (x - near, y + far),
            (x - near, y + near),
            (x - far, y + near),
            (x - far, y - near),
            (x - near, y - near),
        ];

    private static string Polygon(params (double X, double Y)[] corners) =>
        "M" + string.Join('L', corners.Select(corner => $"{N(corner.X)} {N(corner.Y)}")) + "Z";

    private static string N(double number) => NumberFormat.Coordinate(number);
}
