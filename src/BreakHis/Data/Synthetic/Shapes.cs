using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>Shapes made of capsules.</summary>
internal static class Shapes
{
    /// <summary>Returns a bent strand for ducts, clefts and trunks of fronds.</summary>
    /// <param name="random">Draws the bends.</param>
    /// <param name="start">One end, in micrometres.</param>
    /// <param name="angle">Initial direction, in radians.</param>
    /// <param name="curve">Change of direction, in radians per micrometre.</param>
    /// <param name="radii">Half the width at both ends.</param>
    internal static List<Capsule> Strand(
        RandomStream random,
        (double X, double Y) start,
        double angle,
        double curve,
        double length,
        (double First, double Last) radii
    )
    {
        const double Piece = 18;
        int pieces = Math.Max(1, (int)(length / Piece));
        double step = length / pieces;
        var strand = new List<Capsule>(pieces);
        (double x, double y) = start;
        for (int i = 0; i < pieces; i++)
        {
            angle += curve * step + 0.15 * random.Normal();
            (double nextX, double nextY) = (x + step * PortableMath.Cos(angle), y + step * PortableMath.Sin(angle));
            (double first, double last) = (Mix(radii, (double)i / pieces), Mix(radii, (i + 1.0) / pieces));
            strand.Add(new Capsule((float)x, (float)y, (float)first, (float)nextX, (float)nextY, (float)last));
            (x, y) = (nextX, nextY);
        }

        return strand;
    }

    /// <summary>Returns a short thick capsule: an acinus or a nest cut at some angle.</summary>
    internal static Capsule Oval(RandomStream random, double x, double y, double radius, double length)
    {
        double angle = random.Uniform(0, Math.PI);
        (double dx, double dy) = (length / 2 * PortableMath.Cos(angle), length / 2 * PortableMath.Sin(angle));
        return new Capsule(
            (float)(x - dx),
            (float)(y - dy),
            (float)radius,
            (float)(x + dx),
            (float)(y + dy),
            (float)radius
        );
    }

    private static double Mix((double First, double Last) radii, double t) =>
        radii.First + t * (radii.Last - radii.First);
}
