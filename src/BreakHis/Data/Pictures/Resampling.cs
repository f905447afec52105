using System.Diagnostics;
using BreakHis.Specs;

namespace BreakHis.Data.Pictures;

/// <summary>
/// Resizing with the same output as PIL (Pillow), grey level for grey level. Bilinear and bicubic are separable filters
/// that widen when shrinking, in fixed point with 22 fractional bits, horizontal pass first. Nearest uses the pixel
/// under each centre, stepping by repeated addition. The aspect ratio is not kept. Source: Pillow's documentation of
/// its filters.
/// </summary>
internal static class Resampling
{
    private const int FractionBits = 22;

    /// <summary>Resizes an image; returns the same image if it already has that size.</summary>
    /// <param name="width">New width in pixels, above 0.</param>
    /// <param name="height">New height in pixels, above 0.</param>
    public static Picture Resize(Picture picture, int width, int height, ResizeFilter filter)
    {
        if (picture.Width == width && picture.Height == height)
        {
            return picture;
        }

        return filter switch
        {
            ResizeFilter.Nearest => Nearest(picture, width, height),
            ResizeFilter.Bilinear => Filtered(picture, width, height, new Kernel(Triangle, 1)),
            ResizeFilter.Bicubic => Filtered(picture, width, height, new Kernel(Cubic, 2)),
            _ => throw new UnreachableException($"unknown: {filter}"),
        };
    }

    private static Picture Nearest(Picture picture, int width, int height)
    {
        int[] columns = Centres(picture.Width, width);
        int[] rows = Centres(picture.Height, height);
        byte[] rgb = new byte[width * height * 3];
        int k = 0;
        foreach (int row in rows)
        {
            foreach (int column in columns)
            {
                picture.Rgb.AsSpan((row * picture.Width + column) * 3, 3).CopyTo(rgb.AsSpan(k));
                k += 3;
            }
        }

        return new Picture(width, height, rgb);
    }

    private static int[] Centres(int from, int to)
    {
        double scale = (double)from / to;
        int[] centres = new int[to];
        double at = scale * 0.5;
        for (int i = 0; i < to; i++, at += scale)
        {
            centres[i] = Math.Min((int)at, from - 1);
        }

        return centres;
    }

    private static Picture Filtered(Picture picture, int width, int height, Kernel kernel)
    {
        Taps[] columns = AllTaps(picture.Width, width, kernel);
        Taps[] rows = AllTaps(picture.Height, height, kernel);
        byte[] narrowed = new byte[width * picture.Height * 3];
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> line = picture.Rgb.AsSpan(y * picture.Width * 3, picture.Width * 3);
            for (int x = 0; x < width; x++)
            {
                Weigh(line, columns[x], 3, narrowed.AsSpan((y * width + x) * 3, 3));
            }
        }

        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                Weigh(narrowed.AsSpan(x * 3), rows[y], width * 3, rgb.AsSpan((y * width + x) * 3, 3));
            }
        }

        return new Picture(width, height, rgb);
    }

    private static void Weigh(ReadOnlySpan<byte> pixels, Taps taps, int stride, Span<byte> result)
    {
        const int Half = 1 << (FractionBits - 1);
        int red = Half;
        int green = Half;
        int blue = Half;
        int at = taps.First * stride;
        foreach (int weight in taps.Weights)
        {
            red += pixels[at] * weight;
            green += pixels[at + 1] * weight;
            blue += pixels[at + 2] * weight;
            at += stride;
        }

        result[0] = (byte)Math.Clamp(red >> FractionBits, 0, 255);
        result[1] = (byte)Math.Clamp(green >> FractionBits, 0, 255);
        result[2] = (byte)Math.Clamp(blue >> FractionBits, 0, 255);
    }

    private static double Triangle(double distance) => distance < 1 ? 1 - distance : 0;

    /// <summary>Returns Keys's cubic convolution kernel (1981) with a = -0.5.</summary>
    private static double Cubic(double distance)
    {
        const double A = -0.5;
        return distance switch
        {
            < 1 => ((A + 2) * distance - (A + 3)) * distance * distance + 1,
            < 2 => (((distance - 5) * distance + 8) * distance - 4) * A,
            _ => 0,
        };
    }

    private static Taps[] AllTaps(int from, int to, Kernel kernel)
    {
        double scale = (double)from / to;
        double widening = Math.Max(scale, 1);
        double reach = kernel.Reach * widening;
        var taps = new Taps[to];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max((int)(centre - reach + 0.5), 0);
            int end = Math.Min((int)(centre + reach + 0.5), from);
            taps[i] = new Taps(first, FixedPoint(first, end, centre, widening, kernel));
        }

        return taps;
    }

    private static int[] FixedPoint(int first, int end, double centre, double widening, Kernel kernel)
    {
        double[] weights = new double[end - first];
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            weights[k] = kernel.Weight(Math.Abs((k + first - centre + 0.5) * (1 / widening)));
            sum += weights[k];
        }

        return [.. weights.Select(w => (int)(Math.CopySign(0.5, w) + w / sum * (1 << FractionBits)))];
    }

    private readonly record struct Taps(int First, int[] Weights);

    /// <summary>
    /// The weight of a pixel by its distance, in pixels of the smaller image, and the distance beyond which the weight
    /// is zero.
    /// </summary>
    private sealed record Kernel(Func<double, double> Weight, double Reach);
}
