namespace BreakHis.Data.Synthetic;

/// <summary>Paints nuclei: an ellipse with uneven rim, a darker membrane, clumped chromatin, a nucleolus.</summary>
internal static class NucleusPainter
{
    internal static void Paint(Canvas canvas, Nucleus nucleus, uint seed)
    {
        var reach = nucleus.Long * (1 + nucleus.Irregularity) + nucleus.Halo + canvas.Pixel;
        var left = Math.Max(0, (int)((nucleus.X - reach) / canvas.Pixel));
        var right = Math.Min(canvas.Width - 1, (int)((nucleus.X + reach) / canvas.Pixel));
        var top = Math.Max(0, (int)((nucleus.Y - reach) / canvas.Pixel));
        var bottom = Math.Min(canvas.Height - 1, (int)((nucleus.Y + reach) / canvas.Pixel));
        var detail = Math.Clamp((nucleus.Wide / canvas.Pixel - 1.5f) / 3, 0, 1);
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var dx = (column + 0.5f) * canvas.Pixel - nucleus.X;
                var dy = (row + 0.5f) * canvas.Pixel - nucleus.Y;
                PaintPixel(canvas, row * canvas.Width + column, nucleus, (dx, dy), detail, seed);
            }
        }
    }

    private static void PaintPixel(
        Canvas canvas,
        int index,
        in Nucleus nucleus,
        (float X, float Y) offset,
        float detail,
        uint seed
    )
    {
        var u = (offset.X * nucleus.Axis.X + offset.Y * nucleus.Axis.Y) / nucleus.Long;
        var v = (offset.Y * nucleus.Axis.X - offset.X * nucleus.Axis.Y) / nucleus.Wide;
        var radius = MathF.Sqrt(u * u + v * v);
        var rim = 1 + nucleus.Irregularity * Noise.At(1.3f * u + 9, 1.3f * v, seed);
        var inside = (rim - radius) * nucleus.Wide;
        var edge = 0.35f + 0.5f * canvas.Pixel;
        var cover = Noise.Step(-edge, edge, inside);
        if (nucleus.Halo > 0)
        {
            var clear = 0.85f * Noise.Step(-nucleus.Halo - edge, -nucleus.Halo * 0.6f, inside);
            canvas.Haematoxylin[index] *= 1 - clear;
            canvas.Eosin[index] *= 1 - clear;
        }

        if (cover <= 0)
        {
            return;
        }

        var dark = nucleus.Darkness;
        if (detail > 0 && dark > 0)
        {
            var chromatin = 0.3f * Noise.Two(u * nucleus.Long * 0.7f, v * nucleus.Wide * 0.7f, seed + 1);
            var membrane = 0.3f * Noise.Step(1.3f, 0.2f, inside) - 0.12f;
            var (nu, nv) = (u - 0.4f * Noise.Unit(seed + 2), v - 0.4f * Noise.Unit(seed + 3));
            var far = MathF.Sqrt(nu * nu + nv * nv) * nucleus.Wide;
            dark *= 1 + detail * (chromatin + membrane);
            dark += detail * nucleus.Nucleolus * Noise.Step(1.5f, 0.7f, far);
        }

        canvas.Haematoxylin[index] += cover * (dark - 0.7f * canvas.Haematoxylin[index]);
        canvas.Eosin[index] += cover * (nucleus.Eosin - 0.45f * canvas.Eosin[index]);
    }
}
