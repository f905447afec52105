using System.Buffers.Binary;
using BreakHis.Data.Pictures.Tiff;
using BreakHis.Data.Sources;
using SkiaSharp;

namespace BreakHis.Data.Pictures;

/// <summary>The storage format of an image.</summary>
/// <param name="Kind">png, jpeg, bmp, webp, tiff and so on, detected from the content.</param>
/// <param name="BitDepth">Bits per channel.</param>
/// <param name="Grey">Whether it has a single greyscale channel.</param>
/// <param name="Alpha">Whether it has an alpha channel, which is dropped when the image is decoded.</param>
internal sealed record PictureFormat(string Kind, int BitDepth, bool Grey, bool Alpha)
{
    private const int HeaderEnd = 26;

    /// <summary>Whether the pixels are compressed as JPEG, in a JPEG file or in another.</summary>
    public bool IsJpeg { get; init; }

    /// <summary>Returns the format of an encoded image, or null if the data are not an image.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <exception cref="DataException">It is a TIFF image that cannot be decoded.</exception>
    public static PictureFormat? Of(byte[] encoded)
    {
        if (TiffBytes.IsTiff(encoded))
        {
            return OfTiff(encoded);
        }

        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return null;
        }

        string kind = codec.EncodedFormat.ToString().ToLowerInvariant();
        return kind == "png" && encoded.Length >= HeaderEnd
            ? OfPng(encoded)
            : new PictureFormat(
                kind,
                8,
                codec.Info.ColorType == SKColorType.Gray8,
                codec.Info.AlphaType != SKAlphaType.Opaque
            )
            {
                IsJpeg = kind == "jpeg",
            };
    }

    private static PictureFormat OfTiff(byte[] encoded)
    {
        var page = TiffPage.Of(encoded, ImageFormats.Tiff);
        return new PictureFormat(ImageFormats.Tiff, page.Bits, page.IsGrey, page.HasAlpha) { IsJpeg = page.IsJpeg };
    }

    // Bit depth and colour type come from the IHDR chunk, https://www.w3.org/TR/png-3/#11IHDR; a tRNS chunk also adds
    // transparency.
    private static PictureFormat OfPng(byte[] encoded)
    {
        byte colour = encoded[25];
        return new PictureFormat("png", encoded[24], colour is 0 or 4, colour is 4 or 6 || HasChunk(encoded, "tRNS"u8));
    }

    private static bool HasChunk(ReadOnlySpan<byte> png, ReadOnlySpan<byte> name)
    {
        const int SignatureLength = 8;
        const int Overhead = 12;
        for (long at = SignatureLength; at + Overhead <= png.Length; )
        {
            ReadOnlySpan<byte> found = png.Slice((int)at + 4, 4);
            if (found.SequenceEqual(name))
            {
                return true;
            }

            if (found.SequenceEqual("IDAT"u8))
            {
                return false;
            }

            at += Overhead + BinaryPrimitives.ReadUInt32BigEndian(png[(int)at..]);
        }

        return false;
    }
}
