using BreakHis.Data.Pictures;
using BreakHis.Numerics;
using BreakHis.Specs;

namespace BreakHis.Training.Augmentation;

/// <summary>Draws the random warp of an image in an epoch.</summary>
internal static class RandomWarp
{
    /// <summary>Warps an image with its draw for an epoch.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="image">The image's relative path.</param>
    public static Picture Apply(AugmentationSpec spec, long seed, int epoch, string image, Picture picture) =>
        Draw(spec, seed, epoch, image, picture.Height, picture.Width).Apply(picture, spec.Fill);

    /// <summary>
    /// Draws a warp. It depends only on (seed, epoch, image), not on the order of images or the number of workers.
    /// </summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="image">The image's relative path.</param>
    /// <param name="height">Image height in pixels.</param>
    /// <param name="width">Image width in pixels.</param>
    public static AffineWarp Draw(AugmentationSpec spec, long seed, int epoch, string image, int height, int width)
    {
        var random = RandomStream.From(seed, "augmentation", epoch, image);
        double rotation = random.Uniform(-spec.Rotation, spec.Rotation) * (Math.PI / 180);
        double shear = random.Uniform(-spec.ShearRadians, spec.ShearRadians);
        double zoomRows = random.Uniform(1 - spec.Zoom, 1 + spec.Zoom);
        double zoomColumns = random.Uniform(1 - spec.Zoom, 1 + spec.Zoom);
        bool horizontally = random.NextDouble() < 0.5;
        bool vertically = random.NextDouble() < 0.5;
        return AffineWarp.About(rotation, shear, zoomRows, zoomColumns, height, width) with
        {
            FlipHorizontally = spec.HorizontalFlip && horizontally,
            FlipVertically = spec.VerticalFlip && vertically,
        };
    }
}
