using System.Diagnostics;
using BreakHis.Data.Pictures;
using BreakHis.Numerics;
using BreakHis.Specs;

namespace BreakHis.Training.Augmentation;

/// <summary>
/// An affine map of an image onto itself, followed by flips. It maps each result pixel to a source position and samples
/// the nearest neighbour, as scipy.ndimage.affine_transform does with order 0. Coordinates are (row, column) of pixel
/// centres.
/// </summary>
/// <param name="RowByRow">Change of the source row per result row.</param>
/// <param name="RowByColumn">Change of the source row per result column.</param>
/// <param name="ColumnByRow">Change of the source column per result row.</param>
/// <param name="ColumnByColumn">Change of the source column per result column.</param>
/// <param name="RowOffset">Source row of result pixel (0, 0).</param>
/// <param name="ColumnOffset">Source column of result pixel (0, 0).</param>
/// <param name="FlipHorizontally">Mirror left to right after the map.</param>
/// <param name="FlipVertically">Mirror top to bottom after the map.</param>
internal readonly record struct AffineWarp(
    double RowByRow,
    double RowByColumn,
    double ColumnByRow,
    double ColumnByColumn,
    double RowOffset,
    double ColumnOffset,
    bool FlipHorizontally,
    bool FlipVertically
)
{
    /// <summary>
    /// Builds the map of Keras's ImageDataGenerator (2.0.9 to 2.1.2): rotation, shear and zoom of each axis, multiplied
    /// in that order. As in Keras, the fixed point is half a pixel beyond the middle, (h / 2 + 0.5, w / 2 + 0.5).
    /// </summary>
    /// <param name="rotation">Radians.</param>
    /// <param name="shear">Radians.</param>
    /// <param name="zoomRows">Source rows per result row.</param>
    /// <param name="zoomColumns">Source columns per result column.</param>
    /// <param name="height">Image height in pixels.</param>
    /// <param name="width">Image width in pixels.</param>
    public static AffineWarp About(
        double rotation,
        double shear,
        double zoomRows,
        double zoomColumns,
        int height,
        int width
    )
    {
        double cosine = PortableMath.Cos(rotation);
        double sine = PortableMath.Sin(rotation);
        double shearCosine = PortableMath.Cos(shear);
        double shearSine = PortableMath.Sin(shear);

        double rr = cosine * zoomRows;
        double rc = (-cosine * shearSine - sine * shearCosine) * zoomColumns;
        double cr = sine * zoomRows;
        double cc = (-sine * shearSine + cosine * shearCosine) * zoomColumns;

        double middleRow = height / 2.0 + 0.5;
        double middleColumn = width / 2.0 + 0.5;
        return new AffineWarp(
            rr,
            rc,
            cr,
            cc,
            middleRow - (rr * middleRow + rc * middleColumn),
            middleColumn - (cr * middleRow + cc * middleColumn),
            false,
            false
        );
    }

    /// <summary>Warps an image.</summary>
    /// <param name="fill">How to fill pixels whose source is outside the image.</param>
    /// <returns>An image of the same size.</returns>
    public Picture Apply(Picture picture, FillMode fill)
    {
        byte[] rgb = new byte[picture.Rgb.Length];
        int k = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            int row = FlipVertically ? picture.Height - 1 - y : y;
            for (int x = 0; x < picture.Width; x++, k += 3)
            {
                int column = FlipHorizontally ? picture.Width - 1 - x : x;
                int fromRow = Source(RowByRow * row + RowByColumn * column + RowOffset, picture.Height, fill);
                int fromColumn = Source(
                    ColumnByRow * row + ColumnByColumn * column + ColumnOffset,
                    picture.Width,
                    fill
                );
                if (fromRow >= 0 && fromColumn >= 0)
                {
                    int at = (fromRow * picture.Width + fromColumn) * 3;
                    rgb[k] = picture.Rgb[at];
                    rgb[k + 1] = picture.Rgb[at + 1];
                    rgb[k + 2] = picture.Rgb[at + 2];
                }
            }
        }

        return new Picture(picture.Width, picture.Height, rgb);
    }

    /// <summary>The source index for a coordinate along one axis, or -1 for the constant fill.</summary>
    private static int Source(double at, int length, FillMode fill)
    {
        if (at >= 0 && at <= length - 1)
        {
            return (int)Math.Floor(at + 0.5);
        }

        return fill switch
        {
            FillMode.Nearest => at < 0 ? 0 : length - 1,
            FillMode.Reflect => Reflected((int)Math.Floor(at + 0.5), length),
            FillMode.Constant => -1,
            _ => throw new UnreachableException($"unknown: {fill}"),
        };
    }

    /// <summary>Mirrors about the outer edges of the border pixels: d c b a | a b c d | d c b a.</summary>
    private static int Reflected(int index, int length)
    {
        int period = 2 * length;
        int within = ((index % period) + period) % period;
        return within < length ? within : period - 1 - within;
    }
}
