namespace BreakHis.Data.Synthetic;

/// <summary>Keeps points at a least distance from each other, by a grid of at most one point a cell.</summary>
internal sealed class Spacing
{
    private readonly float cell;
    private readonly float least;
    private readonly int columns;
    private readonly int rows;
    private readonly (float X, float Y)[] points;

    internal Spacing(FieldMap map, double distance)
    {
        least = (float)(distance * distance);
        cell = (float)(distance / Math.Sqrt(2));
        columns = (int)((map.Width + 2 * FieldMap.Margin) / cell) + 5;
        rows = (int)((map.Height + 2 * FieldMap.Margin) / cell) + 5;
        points = new (float, float)[columns * rows];
        Array.Fill(points, (float.NegativeInfinity, float.NegativeInfinity));
    }

    /// <summary>Takes a place, unless one nearby is taken.</summary>
    internal bool Take(float x, float y)
    {
        var column = Math.Clamp((int)((x + FieldMap.Margin) / cell) + 2, 2, columns - 3);
        var row = Math.Clamp((int)((y + FieldMap.Margin) / cell) + 2, 2, rows - 3);
        for (var index = (row - 2) * columns; index <= (row + 2) * columns; index += columns)
        {
            for (var near = index + column - 2; near <= index + column + 2; near++)
            {
                var (dx, dy) = (points[near].X - x, points[near].Y - y);
                if (dx * dx + dy * dy < least)
                {
                    return false;
                }
            }
        }

        points[row * columns + column] = (x, y);
        return true;
    }
}
