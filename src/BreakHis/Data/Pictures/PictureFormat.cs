using System.Buffers.Binary;
using SkiaSharp;

namespace BreakHis.Data.Pictures;

/// <summary>How a picture is stored.</summary>
/// <param name="Kind">png, jpeg, bmp, webp and so on, by content.</param>
/// <param name="BitDepth">Bits a channel.</param>
/// <param name="Grey">Whether it has one channel of grey levels.</param>
/// <param name="Alpha">Whether it has a channel of opacity, which is dropped when it is read.</param>
internal sealed record PictureFormat(string Kind, int BitDepth, bool Grey, bool Alpha)
{
    private const int HeaderEnd = 26;

    /// <summary>The format of an encoded picture, or null where it is none.</summary>
    /// <param name="encoded">The file's bytes.</param>
    public static PictureFormat? Of(byte[] encoded)
    {
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
            );
    }

    // Bit depth and colour type of the IHDR chunk, https://www.w3.org/TR/png-3/#11IHDR; a tRNS chunk gives opacity too.
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
