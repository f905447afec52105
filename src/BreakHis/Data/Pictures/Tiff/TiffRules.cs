using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>
/// Which TIFF files are read: those whose pixels libvips and PIL decode to the same bytes, as measured by
/// <c>TiffPictureTests</c>.
/// </summary>
internal static class TiffRules
{
    private const int Unsigned = 1;

    /// <summary>
    /// More than any supported compression reaches: deflate 1032 bytes for each, LZW with codes of 12 bits about 1310, JPEG
    /// 512.
    /// </summary>
    private const long MostBytesForOne = 1500;

    private const long MostTilePixels = 4096 * 4096;

    private static readonly int[] TileTags = [TiffTags.TileWidth, TiffTags.TileHeight, TiffTags.TileByteCounts];

    private static readonly int[] StripTags = [TiffTags.StripOffsets, TiffTags.StripByteCounts];

    /// <summary>Returns what is not supported, such as "with 16 bits per channel", or null.</summary>
    public static string? UnsupportedPixels(TiffDirectory page) => Format(page) ?? Colour(page);

    /// <summary>Returns what is not supported, such as "with fax compression", or null.</summary>
    /// <param name="size">The width or height in pixels, whichever is larger.</param>
    public static string? UnsupportedStorage(TiffDirectory page, int size) => Compression(page) ?? Layout(page, size);

    /// <summary>
    /// Returns where the strips or tiles are, with their lengths in bytes. All pixels are in the file, and no part of them
    /// needs more memory than allowed.
    /// </summary>
    /// <exception cref="DataException">The file is truncated, damaged or too large.</exception>
    public static IReadOnlyList<(long At, long Length)> PartsOf(
        TiffBytes file,
        TiffDirectory page,
        int width,
        int height
    )
    {
        bool isTiled = page.Has(TiffTags.TileOffsets);
        int offsets = isTiled ? TiffTags.TileOffsets : TiffTags.StripOffsets;
        int lengths = isTiled ? TiffTags.TileByteCounts : TiffTags.StripByteCounts;
        long partWidth = isTiled ? page.Value(TiffTags.TileWidth, 0, 0) : width;
        long partHeight = isTiled
            ? page.Value(TiffTags.TileHeight, 0, 0)
            : Math.Min(page.Value(TiffTags.RowsPerStrip, 0, height), height);
        if (partWidth is 0 or > Picture.MostPixels || partHeight is 0 or > Picture.MostPixels)
        {
            throw file.Damaged();
        }

        if (isTiled && partWidth * partHeight > MostTilePixels)
        {
            throw file.Because(
                Invariant($"declares tiles of {partWidth} x {partHeight} pixels; the limit is {MostTilePixels} pixels")
            );
        }

        long planes = IsPlanar(page) ? Samples(page) : 1;
        long parts = Parts(width, partWidth) * Parts(height, partHeight) * planes;
        if (page.CountOf(offsets) != parts || page.CountOf(lengths) != parts)
        {
            throw file.Damaged();
        }

        List<(long At, long Length)> found = [];
        for (long i = 0; i < parts; i++)
        {
            (long at, long length) = (page.Value(offsets, i), page.Value(lengths, i));
            file.Require(at, length);
            if (length == 0)
            {
                throw file.Damaged();
            }

            found.Add((at, length));
        }

        // A few bytes that declare a hundred million pixels would be given memory for them before they are found out.
        long bytes = (long)width * height * Samples(page) * page.Value(TiffTags.BitsPerSample, 0, 1) / 8;
        return bytes / MostBytesForOne > found.Sum(part => part.Length) ? throw file.Damaged() : found;
    }

    private static string? Format(TiffDirectory page)
    {
        long samples = Samples(page);
        if (page.CountOf(TiffTags.BitsPerSample) is var depths && depths > 1 && depths != samples)
        {
            return $"with {Plural.Of(samples, "channel")} and the depth of {depths}";
        }

        for (int i = 0; i < Math.Max(1, page.CountOf(TiffTags.SampleFormat)); i++)
        {
            long format = page.Value(TiffTags.SampleFormat, i, Unsigned);
            if (format != Unsigned)
            {
                return format switch
                {
                    2 => "with signed channels",
                    3 => "with floating-point channels",
                    5 or 6 => "with complex channels",
                    _ => Invariant($"with sample format {format}"),
                };
            }
        }

        for (int i = 0; i < Math.Max(1, page.CountOf(TiffTags.BitsPerSample)); i++)
        {
            long bits = page.Value(TiffTags.BitsPerSample, i, 1);
            if (bits != 8 && !(samples == 1 && bits is 1 or 2 or 4))
            {
                return $"with {Plural.Of(bits, "bit")} per channel";
            }
        }

        return null;
    }

    private static string? Colour(TiffDirectory page)
    {
        bool isJpeg = page.Value(TiffTags.Compression, 0, 1) == TiffTags.Jpeg;
        return page.Value(TiffTags.Photometric, 0, -1) switch
        {
            TiffTags.WhiteIsZero when Samples(page) > 1 => "with white as zero and several channels",
            TiffTags.WhiteIsZero or TiffTags.BlackIsZero => Channels(page, 1, mayLackMeaning: false),
            TiffTags.Rgb => Channels(page, 3, mayLackMeaning: true),
            TiffTags.Palette when !page.Has(TiffTags.ColorMap) => "without a colour map",
            TiffTags.Palette when page.CountOf(TiffTags.ColorMap) is var colours && colours != Colours(page) =>
                $"with a colour map of {Plural.Of(colours, "value")}",
            TiffTags.Palette when HasSmallColours(page) => "with an 8-bit colour map",
            TiffTags.Palette when isJpeg => "with a colour map and JPEG compression",
            TiffTags.Palette => Samples(page) == 1 && !page.Has(TiffTags.ExtraSamples)
                ? null
                : "with a colour map and several channels",
            TiffTags.YCbCr when isJpeg => Channels(page, 3, mayLackMeaning: false),
            TiffTags.YCbCr => "with YCbCr channels and without JPEG compression",
            5 => "with CMYK channels",
            8 or 9 or 10 => "with Lab channels",
            -1 => "without a colour space",
            long other => Invariant($"with colour space {other}"),
        };
    }

    /// <summary>Demands the channels of a colour space, and at most one more, which is not premultiplied.</summary>
    /// <param name="mayLackMeaning">Whether the other channel may be something else than alpha.</param>
    private static string? Channels(TiffDirectory page, int colours, bool mayLackMeaning)
    {
        long samples = Samples(page);
        long extra = page.Value(TiffTags.ExtraSamples, 0, TiffTags.Unspecified);
        bool isJpeg = page.Value(TiffTags.Compression, 0, 1) == TiffTags.Jpeg;
        bool mayHaveExtra = !isJpeg && (colours == 3 || !IsPlanar(page));
        return samples == colours && !page.Has(TiffTags.ExtraSamples) ? null
            : samples != colours + 1 || page.CountOf(TiffTags.ExtraSamples) > 1 || !mayHaveExtra
                ? $"with {Plural.Of(samples, "channel")} of this kind"
            : extra == TiffTags.AssociatedAlpha ? "with premultiplied alpha"
            : extra == TiffTags.UnassociatedAlpha || (extra == TiffTags.Unspecified && mayLackMeaning) ? null
            : "with a channel that is neither colour nor alpha";
    }

    private static string? Compression(TiffDirectory page)
    {
        long compression = page.Value(TiffTags.Compression, 0, 1);
        return compression switch
        {
            TiffTags.Jpeg when page.Value(TiffTags.BitsPerSample, 0, 1) != 8 => "with JPEG compression of few bits",
            1 or 5 or TiffTags.Jpeg or TiffTags.Deflate or TiffTags.OldDeflate or 32773 => null,
            2 or 3 or 4 => "with fax compression",
            6 => "with old-style JPEG compression",
            33003 or 33005 or 34712 => "with JPEG 2000 compression",
            34925 => "with LZMA compression",
            50000 => "with Zstandard compression",
            50001 => "with WebP compression",
            _ => Invariant($"with compression {compression}"),
        };
    }

    private static string? Layout(TiffDirectory page, int size)
    {
        const int TileUnit = 16;
        const int SmallTile = 256;
        bool isTiled = page.Has(TiffTags.TileOffsets);
        long tileWidth = page.Value(TiffTags.TileWidth, 0, 0);
        long tileHeight = page.Value(TiffTags.TileHeight, 0, 0);
        // The limit of libvips.
        long mostTile = Math.Max(SmallTile, 2L * size);
        return page.Unusual is var (tag, type) ? Invariant($"with tag {tag} of type {type}")
            : page.Value(TiffTags.FillOrder, 0, 1) != 1 ? "with reversed bits"
            : page.Value(TiffTags.Orientation, 0, 1) is < 1 or > 8 ? "with an unknown orientation"
            : page.Value(TiffTags.PlanarConfiguration, 0, 1) is < 1 or > TiffTags.PlanarSeparate
                ? "with an unknown order of channels"
            : isTiled && IsPlanar(page) ? "with tiles of single channels"
            : isTiled
            && (tileWidth % TileUnit != 0 || tileHeight % TileUnit != 0 || Math.Max(tileWidth, tileHeight) > mostTile)
                ? Invariant($"with tiles of {tileWidth} x {tileHeight} pixels")
            : (isTiled ? StripTags : TileTags).Any(page.Has) ? "with both strips and tiles"
            : null;
    }

    private static long Colours(TiffDirectory page) => 3L << (int)page.Value(TiffTags.BitsPerSample, 0, 1);

    /// <summary>Whether libvips would take the colours as 8-bit, and PIL as 16-bit.</summary>
    private static bool HasSmallColours(TiffDirectory page)
    {
        for (long i = 0; i < page.CountOf(TiffTags.ColorMap); i++)
        {
            if (page.Value(TiffTags.ColorMap, i) > byte.MaxValue)
            {
                return false;
            }
        }

        return true;
    }

    private static long Samples(TiffDirectory page) => page.Value(TiffTags.SamplesPerPixel, 0, 1);

    private static bool IsPlanar(TiffDirectory page) =>
        page.Value(TiffTags.PlanarConfiguration, 0, 1) == TiffTags.PlanarSeparate;

    private static long Parts(long whole, long part) => (whole + part - 1) / part;
}
