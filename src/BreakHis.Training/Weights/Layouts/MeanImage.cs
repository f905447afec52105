using System.Runtime.InteropServices;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// An image that is subtracted from every input: the mean of the images that the weights were trained on.
/// </summary>
/// <param name="Values">
/// Grey levels 0 to 255, three planes in the network's channel order, row by row; never modified.
/// </param>
internal sealed record MeanImage(int Height, int Width, float[] Values)
{
    /// <summary>The values of one plane, row by row.</summary>
    /// <param name="plane">0, 1 or 2, in the network's channel order.</param>
    public ReadOnlySpan<float> Plane(int plane) => Values.AsSpan(plane * Height * Width, Height * Width);

    /// <summary>Resizes the image: bilinear between pixel centres, with the border repeated.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    public MeanImage Resize(int height, int width)
    {
        if ((height, width) == (Height, Width))
        {
            return this;
        }

        float[] values = new float[3 * height * width];
        Tap[] rows = Taps(Height, height);
        Tap[] columns = Taps(Width, width);
        for (int plane = 0; plane < 3; plane++)
        {
            Resample(Plane(plane), rows, columns, values.AsSpan(plane * height * width));
        }

        return new MeanImage(height, width, values);
    }

    private void Resample(ReadOnlySpan<float> plane, Tap[] rows, Tap[] columns, Span<float> target)
    {
        int i = 0;
        foreach (Tap row in rows)
        {
            ReadOnlySpan<float> upper = plane.Slice(row.First * Width, Width);
            ReadOnlySpan<float> lower = plane.Slice(row.Second * Width, Width);
            foreach (Tap column in columns)
            {
                target[i++] = (float)Mix(column.Of(upper), column.Of(lower), row.Share);
            }
        }
    }

    private static Tap[] Taps(int from, int to)
    {
        var taps = new Tap[to];
        for (int i = 0; i < to; i++)
        {
            double position = Math.Clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
            int first = (int)position;
            taps[i] = new Tap(first, Math.Min(first + 1, from - 1), position - first);
        }

        return taps;
    }

    private static double Mix(double first, double second, double share) => first + (second - first) * share;

    /// <summary>Two neighbouring indices, and the weight of the second.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Tap(int First, int Second, double Share)
    {
        public double Of(ReadOnlySpan<float> line) => Mix(line[First], line[Second], Share);
    }
}
