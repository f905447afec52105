using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>
/// The course of collagen fibres: straight at a distance, wavy up close, wrapped around the structures they meet.
/// </summary>
internal static class Fibres
{
    /// <summary>Fills the map's two fibre coordinates.</summary>
    /// <param name="map">The map, with its borders drawn.</param>
    /// <param name="random">Draws the direction.</param>
    /// <param name="swirl">How far the course bends, in micrometres.</param>
    /// <param name="wrap">How strongly the fibres follow the borders; 1 is fully.</param>
    internal static void Lay(FieldMap map, RandomStream random, double swirl, double wrap)
    {
        double angle = random.Uniform(0, Math.PI);
        (float cos, float sin) = ((float)PortableMath.Cos(angle), (float)PortableMath.Sin(angle));
        uint seed = (uint)random.NextUInt64();
        (float bend, float hold) = ((float)swirl, (float)wrap);
        const float Far = 1 / 110f;
        const float Middle = 1 / 45f;
        const float Near = 1 / 20f;
        const float Nearest = 1 / 9f;
        map.Fill(
            map.Across,
            (x, y, _) =>
                cos * y
                - sin * x
                + bend * Noise.At(x * Far, y * Far, seed)
                + 0.3f * bend * Noise.At(x * Middle, y * Middle, seed + 3)
                + 3.2f * Noise.At(x * Near, y * Near, seed + 1)
                + 1.1f * Noise.At(x * Nearest, y * Nearest, seed + 4)
                + hold * Wrapped(map.At(map.Depth, x, y))
        );
        map.Fill(map.Along, (x, y, _) => cos * x + sin * y + bend * Noise.At(x * Far, y * Far, seed + 2));
    }

    /// <summary>Returns the direction of the fibres at a point, as a unit vector.</summary>
    internal static (float X, float Y) Direction(FieldMap map, float x, float y)
    {
        (float gx, float gy) = map.Slope(map.Across, x, y);
        float length = MathF.Sqrt(gx * gx + gy * gy);
        return length > 1e-4f ? (-gy / length, gx / length) : (1, 0);
    }

    // Rises ever faster towards the border, so that nearby fibres run along it.
    private static float Wrapped(float depth)
    {
        const float Range = 14;
        return depth >= 0 ? Range : Range / (1 - depth / Range);
    }
}
