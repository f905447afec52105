using BreakHis.Data.Pictures;
using BreakHis.Numerics;
using BreakHis.Specs;

namespace BreakHis.Training.Augmentation;

/// <summary>Draws the change that one image gets in one epoch.</summary>
internal static class RandomWarp
{
    /// <summary>A picture with its change of an epoch.</summary>
    /// <param name="spec">The ranges.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="image">The image's relative path.</param>
    /// <param name="picture">The picture, resized.</param>
    public static Picture Apply(AugmentationSpec spec, long seed, int epoch, string image, Picture picture) =>
        Draw(spec, seed, epoch, image, picture.Height, picture.Width).Apply(picture, spec.Fill);

    /// <summary>The draw depends on (seed, epoch, image) alone, so not on the order or number of workers.</summary>
    /// <param name="spec">The ranges.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="image">The image's relative path.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    /// <param name="width">Width of the picture in pixels.</param>
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
