using System.Runtime.CompilerServices;

namespace BreakHis.Data.Synthetic;

/// <summary>Smooth random functions of the plane, computed with integer and exact floating-point operations.</summary>
internal static class Noise
{
    // Lattice values: each row of the lattice starts at a random place in the table and wraps around.
    private const int Mask = 4095;
    private static readonly float[] Table = [.. Enumerable.Range(0, Mask + 1).Select(i => Unit((uint)i))];

    /// <summary>Returns value noise with a unit lattice, between -1 and 1.</summary>
    internal static float At(float x, float y, uint seed)
    {
        float left = MathF.Floor(x);
        float top = MathF.Floor(y);
        float fx = x - left;
        float fy = y - top;
        fx = fx * fx * (3 - 2 * fx);
        fy = fy * fy * (3 - 2 * fy);
        uint row = (uint)(int)top;
        float upper = Between(Hash(row ^ seed) + (uint)(int)left, fx);
        float lower = Between(Hash((row + 1) ^ seed) + (uint)(int)left, fx);
        return upper + fy * (lower - upper);
    }

    /// <summary>Returns two octaves of noise, between -1 and 1.</summary>
    internal static float Two(float x, float y, uint seed) =>
        0.67f * At(x, y, seed) + 0.33f * At(2.03f * x + 17.3f, 2.03f * y + 5.7f, seed ^ 0x5BD1E995u);

    /// <summary>
    /// Returns cellular noise with one centre per unit square (Worley, "A cellular texture basis function", SIGGRAPH
    /// 1996): the nearest centre, and roughly the distance to the nearest wall between two cells.
    /// </summary>
    internal static (float Wall, float X, float Y) Cell(float x, float y, uint seed)
    {
        (float left, float top) = (MathF.Floor(x), MathF.Floor(y));
        (float nearest, float second) = (9f, 9f);
        (float centreX, float centreY) = (0f, 0f);
        for (int i = 0; i < 9; i++)
        {
            (float column, float row) = (left + i % 3 - 1, top + i / 3 - 1);
            uint bits = seed ^ ((uint)(int)column * 0x9E3779B1u) ^ ((uint)(int)row * 0x85EBCA77u);
            (float cx, float cy) = (column + 0.5f + 0.4f * Unit(bits), row + 0.5f + 0.4f * Unit(bits + 1));
            float distance = (cx - x) * (cx - x) + (cy - y) * (cy - y);
            second = Math.Min(second, Math.Max(nearest, distance));
            if (distance < nearest)
            {
                (nearest, centreX, centreY) = (distance, cx, cy);
            }
        }

        return ((MathF.Sqrt(second) - MathF.Sqrt(nearest)) / 2, centreX, centreY);
    }

    /// <summary>Returns a number between -1 and 1 for each integer, from a hash with good avalanche.</summary>
    internal static float Unit(uint bits) => (Hash(bits) >> 8) * (2f / (1 << 24)) - 1;

    /// <summary>Returns the finalizer "lowbias32" from Wellons' hash prospector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Hash(uint bits)
    {
        bits ^= bits >> 16;
        bits *= 0x7FEB352Du;
        bits ^= bits >> 15;
        bits *= 0x846CA68Bu;
        return bits ^ (bits >> 16);
    }

    /// <summary>
    /// Returns 0 below <paramref name="low"/>, 1 above <paramref name="high"/>, with a smooth transition.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float Step(float low, float high, float x)
    {
        float t = Math.Clamp((x - low) / (high - low), 0, 1);
        return t * t * (3 - 2 * t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Between(uint place, float fraction)
    {
        float left = Table[place & Mask];
        return left + fraction * (Table[(place + 1) & Mask] - left);
    }
}
