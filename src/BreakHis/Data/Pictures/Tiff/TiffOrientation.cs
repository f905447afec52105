namespace BreakHis.Data.Pictures.Tiff;

/// <summary>
/// The orientation of a TIFF image. TIFF 6.0 defines it as part of how pixels are stored, and PIL applies it to TIFF;
/// neither PIL nor this project applies the Exif orientation of JPEG.
/// </summary>
internal static class TiffOrientation
{
    /// <summary>Returns the image upright.</summary>
    /// <param name="orientation">1 to 8; any other value leaves the image as it is.</param>
    public static Picture Turn(Picture stored, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return stored;
        }

        bool swaps = orientation >= 5;
        int width = swaps ? stored.Height : stored.Width;
        int height = swaps ? stored.Width : stored.Height;
        byte[] rgb = new byte[stored.Rgb.Length];
        for (int y = 0, k = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, k += 3)
            {
                (int fromX, int fromY) = swaps ? (y, x) : (x, y);
                fromX = orientation is 2 or 3 or 7 or 8 ? stored.Width - 1 - fromX : fromX;
                fromY = orientation is 3 or 4 or 6 or 7 ? stored.Height - 1 - fromY : fromY;
                stored.Rgb.AsSpan(((fromY * stored.Width) + fromX) * 3, 3).CopyTo(rgb.AsSpan(k));
            }
        }

        return new Picture(width, height, rgb);
    }
}
