namespace BreakHis.Data.Synthetic;

/// <summary>Keeps points at a minimum distance from each other, using a grid with at most one point per cell.</summary>
internal sealed class Spacing
{
    private readonly float _cell;
    private readonly float _least;
    private readonly int _columns;
    private readonly int _rows;
    private readonly (float X, float Y)[] _points;

    internal Spacing(FieldMap map, double distance)
    {
        _least = (float)(distance * distance);
        _cell = (float)(distance / Math.Sqrt(2));
        _columns = (int)((map.Width + 2 * FieldMap.Margin) / _cell) + 5;
        _rows = (int)((map.Height + 2 * FieldMap.Margin) / _cell) + 5;
        _points = new (float, float)[_columns * _rows];
        Array.Fill(_points, (float.NegativeInfinity, float.NegativeInfinity));
    }

    /// <summary>Adds a point, unless another one is too close; returns whether it was added.</summary>
    internal bool Take(float x, float y)
    {
        int column = Math.Clamp((int)((x + FieldMap.Margin) / _cell) + 2, 2, _columns - 3);
        int row = Math.Clamp((int)((y + FieldMap.Margin) / _cell) + 2, 2, _rows - 3);
        for (int index = (row - 2) * _columns; index <= (row + 2) * _columns; index += _columns)
        {
            for (int near = index + column - 2; near <= index + column + 2; near++)
            {
                (float dx, float dy) = (_points[near].X - x, _points[near].Y - y);
                if (dx * dx + dy * dy < _least)
                {
                    return false;
                }
            }
        }

        _points[row * _columns + column] = (x, y);
        return true;
    }
}
