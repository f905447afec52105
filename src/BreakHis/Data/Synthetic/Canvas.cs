namespace BreakHis.Data.Synthetic;

/// <summary>The amounts of both stains at each pixel, before light passes through.</summary>
internal sealed class Canvas
{
    internal Canvas(int width, int height, float pixel)
    {
        (Width, Height, Pixel) = (width, height, pixel);
        Haematoxylin = new float[width * height];
        Eosin = new float[width * height];
    }

    /// <summary>Width in pixels.</summary>
    internal int Width { get; }

    /// <summary>Height in pixels.</summary>
    internal int Height { get; }

    /// <summary>Side of a pixel in micrometres.</summary>
    internal float Pixel { get; }

    /// <summary>Haematoxylin, row by row.</summary>
    internal float[] Haematoxylin { get; }

    /// <summary>Eosin, row by row.</summary>
    internal float[] Eosin { get; }
}
