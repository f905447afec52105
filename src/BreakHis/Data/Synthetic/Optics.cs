using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>Converts amounts of stain to the camera's bytes.</summary>
internal static class Optics
{
    private const int Steps = 128;
    private static readonly float[] Table =
    [
        .. Enumerable.Range(0, 8 * Steps).Select(i => (float)PortableMath.Exp(-(double)i / Steps)),
    ];

    /// <summary>
    /// Returns red, green and blue of each pixel, row by row, from a canvas that is <paramref name="factor"/> times
    /// finer.
    /// </summary>
    internal static byte[] Expose(Canvas canvas, int factor, Stain stain, uint seed)
    {
        (int width, int height) = (canvas.Width / factor, canvas.Height / factor);
        float[] light = Shrink(Transmit(canvas, stain), canvas.Width, factor, width, height);
        for (int pass = 0; pass < (width + 100) / 300; pass++)
        {
            Spread(light, width, height, (float)stain.Blur);
        }

        byte[] bytes = new byte[light.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float corner = Corner(x, y, width, height) * (float)stain.Vignette;
                int index = 3 * (y * width + x);
                Develop(light, bytes, index, 1 - corner, (float)stain.Grain, seed);
            }
        }

        return bytes;
    }

    private static float[] Transmit(Canvas canvas, Stain stain)
    {
        float[] light = new float[3 * canvas.Haematoxylin.Length];
        (Rgb h, Rgb e, Rgb background) = (stain.Haematoxylin, stain.Eosin, stain.Background);
        for (int i = 0; i < canvas.Haematoxylin.Length; i++)
        {
            (float a, float b) = (canvas.Haematoxylin[i], canvas.Eosin[i]);
            light[3 * i] = background.R * Transmittance(a * h.R + b * e.R);
            light[3 * i + 1] = background.G * Transmittance(a * h.G + b * e.G);
            light[3 * i + 2] = background.B * Transmittance(a * h.B + b * e.B);
        }

        return light;
    }

    /// <summary>Returns exp(-density) by linear interpolation, accurate to 1e-5.</summary>
    private static float Transmittance(float density)
    {
        float place = Math.Clamp(density * Steps, 0, Table.Length - 1.01f);
        int index = (int)place;
        return Table[index] + (place - index) * (Table[index + 1] - Table[index]);
    }

    private static float[] Shrink(float[] light, int stride, int factor, int width, int height)
    {
        if (factor == 1)
        {
            return light;
        }

        float[] small = new float[3 * width * height];
        float share = 1f / (factor * factor);
        for (int i = 0; i < small.Length; i++)
        {
            (int pixel, int channel) = (i / 3, i % 3);
            int corner = pixel / width * factor * stride + pixel % width * factor;
            float sum = 0f;
            for (int k = 0; k < factor * factor; k++)
            {
                sum += light[3 * (corner + k / factor * stride + k % factor) + channel];
            }

            small[i] = sum * share;
        }

        return small;
    }

    /// <summary>Applies a 3 x 3 blur in place, first along the rows, then along the columns.</summary>
    private static void Spread(float[] light, int width, int height, float weight)
    {
        for (int row = 0; row < height; row++)
        {
            SpreadLine(light, 3 * row * width, 3, width, weight);
        }

        for (int column = 0; column < width; column++)
        {
            SpreadLine(light, 3 * column, 3 * width, height, weight);
        }
    }

    private static void SpreadLine(float[] light, int start, int step, int count, float weight)
    {
        float side = weight / (1 + 2 * weight);
        for (int channel = 0; channel < 3; channel++)
        {
            float before = light[start + channel];
            for (int i = 0; i < count; i++)
            {
                int index = start + i * step + channel;
                float here = light[index];
                float after = i + 1 < count ? light[index + step] : here;
                light[index] = here + side * (before + after - 2 * here);
                before = here;
            }
        }
    }

    private static void Develop(float[] light, byte[] bytes, int index, float share, float grain, uint seed)
    {
        float common = Noise.Unit(seed + (uint)index);
        for (int channel = 0; channel < 3; channel++)
        {
            float own = Noise.Unit(seed + (uint)(index + channel) + 0x40000000u);
            float value = light[index + channel] * share + grain * (1.3f * common + 0.8f * own);
            bytes[index + channel] = (byte)(Math.Clamp(value, 0, 1) * 255 + 0.5f);
        }
    }

    private static float Corner(int x, int y, int width, int height)
    {
        (float dx, float dy) = (2f * x / width - 1, 2f * y / height - 1);
        return 0.5f * (dx * dx + dy * dy);
    }
}
