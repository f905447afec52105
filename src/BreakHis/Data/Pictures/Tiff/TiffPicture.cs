using BreakHis.Data.Sources;
using NetVips;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>Decodes TIFF images with libvips.</summary>
internal static class TiffPicture
{
    /// <summary>Decodes the first page of a TIFF file to the pixels that PIL's <c>convert("RGB")</c> returns.</summary>
    /// <param name="encoded">The file's bytes, which begin like a TIFF file.</param>
    /// <param name="name">The name to use in errors.</param>
    /// <exception cref="DataException">
    /// The file is truncated, damaged or too large, has several pages, or is a kind of TIFF that is not supported.
    /// </exception>
    public static Picture Decode(byte[] encoded, string name)
    {
        // The plan records the decoder of TIFF if a name has such an extension, before any file is opened.
        if (ImageFormats.KindOf(name) != ImageFormats.Tiff)
        {
            throw new DataException($"{name}: contains TIFF data, despite its extension; rename it to end in .tif");
        }

        var page = TiffPage.Of(encoded, name);
        if (Libvips.Fault is string fault)
        {
            throw new DataException($"{name}: cannot be decoded, because libvips cannot be loaded: {fault}");
        }

        if (!page.Deflated.All(part => ZlibPart.IsWhole(encoded, part.At, part.Length)))
        {
            throw TiffBytes.Damaged(name);
        }

        return Picture.Alone(
            (long)page.Width * page.Height,
            () => TiffOrientation.Turn(new Picture(page.Width, page.Height, Rgb(encoded, page, name)), page.Orientation)
        );
    }

    private static byte[] Rgb(byte[] encoded, TiffPage page, string name)
    {
        byte[] samples = Samples(encoded, page, name);
        int pixels = page.Width * page.Height;
        int bands = samples.Length / pixels;
        return samples.Length == bands * pixels && bands is >= 1 and <= 4
            ? ThreeChannels(samples, bands, pixels)
            : throw TiffBytes.Damaged(name);
    }

    private static byte[] Samples(byte[] encoded, TiffPage page, string name)
    {
        try
        {
            using var image = Image.TiffloadBuffer(
                encoded,
                page: 0,
                n: 1,
                access: Enums.Access.Sequential,
                failOn: Enums.FailOn.Error
            );
            return image.Width == page.Width && image.Height == page.Height && image.Format == Enums.BandFormat.Uchar
                ? image.WriteToMemory<byte>()
                : throw TiffBytes.Damaged(name);
        }
        catch (VipsException e)
        {
            throw new DataException(TiffBytes.Damaged(name).Message, e);
        }
    }

    private static byte[] ThreeChannels(byte[] samples, int bands, int pixels)
    {
        if (bands == 3)
        {
            return samples;
        }

        byte[] rgb = new byte[pixels * 3];
        bool isGrey = bands < 3;
        for (int i = 0, k = 0; k < rgb.Length; i += bands, k += 3)
        {
            rgb[k] = samples[i];
            rgb[k + 1] = samples[isGrey ? i : i + 1];
            rgb[k + 2] = samples[isGrey ? i : i + 2];
        }

        return rgb;
    }
}
