using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace BreakHis.Data.Synthetic;

/// <summary>A strip of tissue with round ends: the basic shape of ducts, nests and fronds.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Capsule(float X0, float Y0, float R0, float X1, float Y1, float R1)
{
    internal static Capsule Circle(double x, double y, double radius) =>
        new((float)x, (float)y, (float)radius, (float)x, (float)y, (float)radius);

    /// <summary>Returns the distance to its border, in micrometres; positive inside, negative outside.</summary>
    internal float Depth(float x, float y)
    {
        (float dx, float dy) = (X1 - X0, Y1 - Y0);
        float length = dx * dx + dy * dy;
        float t = length > 0 ? Math.Clamp(((x - X0) * dx + (y - Y0) * dy) / length, 0, 1) : 0;
        (float ex, float ey) = (x - X0 - t * dx, y - Y0 - t * dy);
        return R0 + t * (R1 - R0) - MathF.Sqrt(ex * ex + ey * ey);
    }
}

/// <summary>
/// The field of view in micrometres, as smooth functions sampled on a grid that does not depend on the image size: a
/// small image shows the same cells as a large one.
/// </summary>
internal sealed class FieldMap
{
    /// <summary>How far the map extends beyond the image, in micrometres.</summary>
    internal const float Margin = 14;

    /// <summary>How far outside a shape its distance is computed, in micrometres.</summary>
    internal const float Reach = 30;

    private readonly int _columns;
    private readonly int _rows;
    private readonly float _step;
    private readonly float _roughness;
    private readonly float[] _warpX;
    private readonly float[] _warpY;

    internal FieldMap(float width, float height, float roughness, float roughnessLength, uint seed)
    {
        (Width, Height, _roughness) = (width, height, roughness);
        _columns = Math.Clamp((int)(width / 3), 160, 224);
        _step = (width + 2 * Margin) / (_columns - 1);
        _rows = (int)((height + 2 * Margin) / _step) + 2;
        Depth = NewPlane(-Reach);
        Zone = NewPlane(-Reach);
        Clear = NewPlane(-Reach);
        Lesion = NewPlane(Reach);
        Along = NewPlane(0);
        Across = NewPlane(0);
        _warpX = NewPlane(0);
        _warpY = NewPlane(0);
        float frequency = 1 / roughnessLength;
        Fill(_warpX, (x, y, _) => x + roughness * Noise.Two(x * frequency, y * frequency, seed));
        Fill(_warpY, (x, y, _) => y + roughness * Noise.Two(x * frequency, y * frequency, ~seed));
    }

    /// <summary>Width of the image in micrometres.</summary>
    internal float Width { get; }

    /// <summary>Height of the image in micrometres.</summary>
    internal float Height { get; }

    /// <summary>Signed distance from the basement membrane; positive on the side of the epithelium.</summary>
    internal float[] Depth { get; }

    /// <summary>Signed distance from the border of the second stroma, such as mucin; positive inside.</summary>
    internal float[] Zone { get; }

    /// <summary>Signed distance from the nearest wall of an empty space in the stroma, such as a fat cell.</summary>
    internal float[] Clear { get; }

    /// <summary>Signed distance from the border of the lesion; positive inside.</summary>
    internal float[] Lesion { get; }

    /// <summary>The coordinate along the collagen fibres.</summary>
    internal float[] Along { get; }

    /// <summary>The coordinate across the collagen fibres.</summary>
    internal float[] Across { get; }

    /// <summary>Returns whether the map covers any part of a circle.</summary>
    internal bool Holds(double x, double y, double radius) =>
        x > -Margin - radius && x < Width + Margin + radius && y > -Margin - radius && y < Height + Margin + radius;

    /// <summary>Adds a shape to a plane of distances.</summary>
    internal void Grow(float[] plane, Capsule shape) => Join(plane, shape, 1);

    /// <summary>Removes a shape from a plane of distances.</summary>
    internal void Carve(float[] plane, Capsule shape) => Join(plane, shape, -1);

    /// <summary>Computes a plane from position and previous value.</summary>
    internal void Fill(float[] plane, Func<float, float, float, float> value)
    {
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                int index = row * _columns + column;
                plane[index] = value(column * _step - Margin, row * _step - Margin, plane[index]);
            }
        }
    }

    /// <summary>Interpolates a plane between grid points.</summary>
    internal float At(float[] plane, float x, float y)
    {
        Place place = Locate(x, y);
        return place.Of(plane);
    }

    /// <summary>Returns a plane's slope, per micrometre.</summary>
    internal (float X, float Y) Slope(float[] plane, float x, float y)
    {
        float h = Math.Max(_step, 1);
        return (
            (At(plane, x + h, y) - At(plane, x - h, y)) / (2 * h),
            (At(plane, x, y + h) - At(plane, x, y - h)) / (2 * h)
        );
    }

    /// <summary>Locates a point in the grid, for reading several planes there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Place Locate(float x, float y)
    {
        float column = Math.Clamp((x + Margin) / _step, 0, _columns - 1.001f);
        float row = Math.Clamp((y + Margin) / _step, 0, _rows - 1.001f);
        (int left, int top) = ((int)column, (int)row);
        return new Place(_columns, top * _columns + left, column - left, row - top);
    }

    private float[] NewPlane(float value)
    {
        float[] plane = GC.AllocateUninitializedArray<float>(_rows * _columns);
        Array.Fill(plane, value);
        return plane;
    }

    private void Join(float[] plane, Capsule shape, float sign)
    {
        // The warp may bring a shape this much closer.
        float reach = Math.Max(shape.R0, shape.R1) + Reach + _roughness;
        int left = Math.Max(0, Index(Math.Min(shape.X0, shape.X1) - reach));
        int right = Math.Min(_columns - 1, Index(Math.Max(shape.X0, shape.X1) + reach));
        int top = Math.Max(0, Index(Math.Min(shape.Y0, shape.Y1) - reach));
        int bottom = Math.Min(_rows - 1, Index(Math.Max(shape.Y0, shape.Y1) + reach));
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                int index = row * _columns + column;
                plane[index] = sign * Math.Max(sign * plane[index], shape.Depth(_warpX[index], _warpY[index]));
            }
        }
    }

    private int Index(float position) => (int)((position + Margin) / _step);

    /// <summary>A point between four grid points.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Place(int Stride, int Index, float X, float Y)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal float Of(float[] plane)
        {
            float upper = plane[Index] + X * (plane[Index + 1] - plane[Index]);
            float lower = plane[Index + Stride] + X * (plane[Index + Stride + 1] - plane[Index + Stride]);
            return upper + Y * (lower - upper);
        }
    }
}
