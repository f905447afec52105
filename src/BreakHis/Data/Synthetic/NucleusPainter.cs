using System.Runtime.InteropServices;

namespace BreakHis.Data.Synthetic;

/// <summary>
/// Paints nuclei: an ellipse with an uneven rim, a darker membrane, clumped chromatin and a nucleolus.
/// </summary>
internal static class NucleusPainter
{
    internal static void Paint(Canvas canvas, List<Nucleus> nuclei, uint seed)
    {
        // Bodies first, so that no cell's cytoplasm covers a neighbour's nucleus.
        for (int i = 0; i < nuclei.Count; i++)
        {
            if (nuclei[i].Body > 0.8f * canvas.Pixel)
            {
                Visit(canvas, nuclei[i], nuclei[i].Body, Noise.Hash(seed + (uint)i), PaintBody);
            }
        }

        for (int i = 0; i < nuclei.Count; i++)
        {
            Visit(canvas, nuclei[i], 0, Noise.Hash(seed + (uint)i), PaintNucleus);
        }
    }

    private delegate void Painter(Canvas canvas, int index, in Nucleus nucleus, Spot spot, uint seed);

    private static void Visit(Canvas canvas, in Nucleus nucleus, float around, uint seed, Painter paint)
    {
        float reach = nucleus.Long * (1 + nucleus.Irregularity) + around + canvas.Pixel;
        int left = Math.Max(0, (int)((nucleus.X - reach) / canvas.Pixel));
        int right = Math.Min(canvas.Width - 1, (int)((nucleus.X + reach) / canvas.Pixel));
        int top = Math.Max(0, (int)((nucleus.Y - reach) / canvas.Pixel));
        int bottom = Math.Min(canvas.Height - 1, (int)((nucleus.Y + reach) / canvas.Pixel));
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                float dx = (column + 0.5f) * canvas.Pixel - nucleus.X;
                float dy = (row + 0.5f) * canvas.Pixel - nucleus.Y;
                float u = (dx * nucleus.Axis.X + dy * nucleus.Axis.Y) / nucleus.Long;
                float v = (dy * nucleus.Axis.X - dx * nucleus.Axis.Y) / nucleus.Wide;
                float rim = 1 + nucleus.Irregularity * Noise.At(1.3f * u + 9, 1.3f * v, seed);
                var spot = new Spot(u, v, (rim - MathF.Sqrt(u * u + v * v)) * nucleus.Wide);
                paint(canvas, row * canvas.Width + column, nucleus, spot, seed);
            }
        }
    }

    /// <summary>
    /// Paints cytoplasm, a little darker or lighter than its neighbours', with a pale border or an empty space.
    /// </summary>
    private static void PaintBody(Canvas canvas, int index, in Nucleus nucleus, Spot spot, uint seed)
    {
        float edge = 0.4f + 0.5f * canvas.Pixel;
        float outside = -spot.Inside - nucleus.Body;
        float cover = Noise.Step(edge, -edge, outside);
        float border = Noise.Step(1.2f, 0, Math.Abs(outside));
        float factor = 1 + cover * 0.15f * Noise.Unit(seed + 5) - 0.22f * border;
        factor *= 1 - 0.9f * nucleus.Clearing * cover;
        canvas.Haematoxylin[index] *= factor;
        canvas.Eosin[index] *= factor;
    }

    private static void PaintNucleus(Canvas canvas, int index, in Nucleus nucleus, Spot spot, uint seed)
    {
        float edge = 0.35f + 0.5f * canvas.Pixel;
        float cover = Noise.Step(-edge, edge, spot.Inside);
        if (cover <= 0)
        {
            return;
        }

        float dark = nucleus.Darkness;
        float detail = Math.Clamp((nucleus.Wide / canvas.Pixel - 1.5f) / 3, 0, 1);
        if (detail > 0 && dark > 0)
        {
            (float x, float y) = (spot.U * nucleus.Long, spot.V * nucleus.Wide);
            float chromatin = 0.4f * Noise.Two(x * 0.7f, y * 0.7f, seed + 1);
            float membrane = 0.4f * Noise.Step(1.4f, 0.2f, spot.Inside) - 0.2f;
            float vesicle = nucleus.Vesicle * (0.25f - 0.75f * Noise.Step(0.4f, 1.6f, spot.Inside));
            dark *= Math.Max(0.2f, 1 + detail * (chromatin + membrane + vesicle));
            (float dx, float dy) = (
                x - 0.4f * nucleus.Long * Noise.Unit(seed + 2),
                y - 0.4f * nucleus.Wide * Noise.Unit(seed + 3)
            );
            dark += detail * nucleus.Nucleolus * Noise.Step(1.5f, 0.7f, MathF.Sqrt(dx * dx + dy * dy));
        }

        canvas.Haematoxylin[index] += cover * (dark - 0.7f * canvas.Haematoxylin[index]);
        canvas.Eosin[index] += cover * (nucleus.Eosin - 0.5f * canvas.Eosin[index]);
    }

    /// <summary>A pixel in the coordinates of its nucleus.</summary>
    /// <param name="U">Position along the length, in half lengths.</param>
    /// <param name="V">Position along the width, in half widths.</param>
    /// <param name="Inside">Distance from the rim in micrometres; negative outside.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Spot(float U, float V, float Inside);
}
