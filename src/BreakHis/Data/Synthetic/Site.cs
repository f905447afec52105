using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>The site of one image: a field of view of a patient's tissue, and the random draws that shape it.</summary>
internal sealed record Site(float Width, float Height, Patient Patient, RandomStream Random)
{
    /// <summary>Creates an empty map of the field.</summary>
    /// <param name="roughness">How far borders deviate from their shapes, in micrometres.</param>
    /// <param name="length">The wavelength of these deviations, in micrometres.</param>
    internal FieldMap NewMap(double roughness, double length) =>
        new(Width, Height, (float)roughness, (float)length, (uint)Random.NextUInt64());

    /// <summary>
    /// Returns the centres of structures on a jittered grid over the field and its surroundings. One of them is within
    /// <paramref name="near"/> of the image's centre, so that even the smallest field shows part of the lesion.
    /// </summary>
    internal IReadOnlyList<(double X, double Y)> Centres(double distance, double near, double reach)
    {
        (double phaseX, double phaseY) = (
            Width / 2 + Random.Uniform(-near, near),
            Height / 2 + Random.Uniform(-near, near)
        );
        (int left, int right) = (Cell(-reach - phaseX, distance), Cell(Width + reach - phaseX, distance));
        (int top, int bottom) = (Cell(-reach - phaseY, distance), Cell(Height + reach - phaseY, distance));
        var centres = new List<(double, double)>();
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                double shift = (row & 1) * 0.5;
                double jitter = row == 0 && column == 0 ? 0 : 0.22 * distance;
                centres.Add(
                    (
                        phaseX + (column + shift) * distance + jitter * Random.Uniform(-1, 1),
                        phaseY + row * 0.87 * distance + jitter * Random.Uniform(-1, 1)
                    )
                );
            }
        }

        return centres;
    }

    private static int Cell(double position, double distance) => (int)Math.Floor(position / distance + 0.5);
}
