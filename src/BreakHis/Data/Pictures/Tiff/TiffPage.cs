using static System.FormattableString;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>The first page of a TIFF file whose pixels this project reads exactly as PIL does.</summary>
/// <param name="Width">The width in pixels, as stored.</param>
/// <param name="Height">The height in pixels, as stored.</param>
/// <param name="Photometric">What the samples mean, as in <see cref="TiffTags"/>.</param>
/// <param name="Samples">Samples per pixel.</param>
/// <param name="Bits">Bits per sample: 1, 2, 4 or 8.</param>
/// <param name="IsJpeg">Whether the pixels are compressed as JPEG.</param>
/// <param name="Orientation">1 to 8, as in the standard.</param>
internal sealed record TiffPage(
    int Width,
    int Height,
    int Photometric,
    int Samples,
    int Bits,
    bool IsJpeg,
    int Orientation
)
{
    private const int MostPages = 1000;

    /// <summary>The places of the strips or tiles in the file, and their lengths in bytes, if they are deflated.</summary>
    public IReadOnlyList<(long At, long Length)> Deflated { get; private init; } = [];

    /// <summary>Whether it has a single greyscale channel.</summary>
    public bool IsGrey => Photometric is TiffTags.WhiteIsZero or TiffTags.BlackIsZero;

    /// <summary>Whether it has an alpha channel, or another one that is dropped.</summary>
    public bool HasAlpha => Samples is 2 or 4;

    /// <summary>Reads the first page, and checks all that can be checked without decoding pixels.</summary>
    /// <param name="encoded">The file's bytes, which begin like a TIFF file.</param>
    /// <param name="name">The name to use in errors.</param>
    /// <exception cref="DataException">
    /// The file is truncated, too large, has several pages, or PIL would read other pixels.
    /// </exception>
    public static TiffPage Of(byte[] encoded, string name)
    {
        var file = new TiffBytes(encoded, name);
        var directory = TiffDirectory.At(file, TiffDirectory.First(file));
        (int width, int height) = Size(file, directory);
        if (TiffRules.UnsupportedPixels(directory) is string pixels)
        {
            throw file.NotSupported(pixels, "convert it to 8-bit RGB");
        }

        if (TiffRules.UnsupportedStorage(directory, Math.Max(width, height)) is string storage)
        {
            throw file.NotSupported(storage, "save it in strips with LZW compression");
        }

        RequireOnePage(file, directory);
        IReadOnlyList<(long At, long Length)> parts = TiffRules.PartsOf(file, directory, width, height);
        return new TiffPage(
            width,
            height,
            (int)directory.Value(TiffTags.Photometric, 0),
            (int)directory.Value(TiffTags.SamplesPerPixel, 0, 1),
            (int)directory.Value(TiffTags.BitsPerSample, 0, 1),
            directory.Value(TiffTags.Compression, 0, 1) == TiffTags.Jpeg,
            (int)directory.Value(TiffTags.Orientation, 0, 1)
        )
        {
            Deflated = directory.Value(TiffTags.Compression, 0, 1) is TiffTags.Deflate or TiffTags.OldDeflate
                ? parts
                : [],
        };
    }

    private static (int Width, int Height) Size(TiffBytes file, TiffDirectory directory)
    {
        long width = directory.Value(TiffTags.Width, 0, 0);
        long height = directory.Value(TiffTags.Height, 0, 0);
        if (width == 0 || height == 0)
        {
            throw file.Damaged();
        }

        return width > Picture.MostPixels || height > Picture.MostPixels || width * height > Picture.MostPixels
            ? throw file.Because(
                Invariant($"declares {width} x {height} pixels; the limit is {Picture.MostPixels} pixels")
            )
            : ((int)width, (int)height);
    }

    /// <summary>Refuses further pages, except reduced copies of the first and masks.</summary>
    private static void RequireOnePage(TiffBytes file, TiffDirectory first)
    {
        HashSet<long> seen = [TiffDirectory.First(file)];
        for (TiffDirectory page = first; page.Next != 0; )
        {
            if (!seen.Add(page.Next) || seen.Count > MostPages)
            {
                throw file.Damaged();
            }

            page = TiffDirectory.At(file, page.Next);
            if (!IsReduced(page, first))
            {
                throw file.Because("is a TIFF with several pages; save the page to use as a file with one page");
            }
        }
    }

    private static bool IsReduced(TiffDirectory page, TiffDirectory first)
    {
        const int ReducedOrMask = 1 | 4;
        const int OldReduced = 2;
        return (page.Value(TiffTags.NewSubfileType, 0, 0) & ReducedOrMask) != 0
            || page.Value(TiffTags.OldSubfileType, 0, 0) == OldReduced
            || (IsHalf(TiffTags.Width) && IsHalf(TiffTags.Height));

        bool IsHalf(int tag) => page.Value(tag, 0, 0) <= (first.Value(tag, 0, 0) + 1) / 2;
    }
}
