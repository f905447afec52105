namespace BreakHis.Data.Synthetic;

/// <summary>The amounts of both stains at each pixel, before the light passes.</summary>
internal sealed class Canvas
{
    internal Canvas(int width, int height, float pixel)
    {
        (Width, Height, Pixel) = (width, height, pixel);
        Haematoxylin = new float[width * height];
        Eosin = new float[width * height];
    }

    /// <summary>Pixels across.</summary>
    internal int Width { get; }

    /// <summary>Pixels down.</summary>
    internal int Height { get; }

    /// <summary>Micrometres of a pixel's side.</summary>
    internal float Pixel { get; }

    /// <summary>Haematoxylin, row by row.</summary>
    internal float[] Haematoxylin { get; }

    /// <summary>Eosin, row by row.</summary>
    internal float[] Eosin { get; }
}
