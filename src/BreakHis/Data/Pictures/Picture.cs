using BreakHis.Data.Pictures.Tiff;
using BreakHis.Files;
using SkiaSharp;

namespace BreakHis.Data.Pictures;

/// <summary>An image in memory.</summary>
/// <param name="Rgb">Height×Width×3 bytes, row by row, red first, 0 to 255.</param>
internal sealed record Picture(int Width, int Height, byte[] Rgb)
{
    /// <summary>
    /// The maximum number of pixels that are decoded: far more than any slide image has, far less than would exhaust
    /// memory.
    /// </summary>
    public const long MostPixels = 100_000_000;

    // Many cores that decode such images at the same time would need gigabytes for each.
    private const long LargePixels = 16_000_000;

    private static readonly Lock OneLarge = new();

    /// <summary>
    /// Decodes a PNG, JPEG, TIFF or other format that Skia or libvips supports. Colour profiles are not applied, alpha
    /// is dropped.
    /// </summary>
    /// <exception cref="DataException">The file cannot be read, is not an image, or is too large.</exception>
    public static Picture Decode(string path) => Decode(Read(path), path);

    /// <summary>Decodes a file whose content must have a hash.</summary>
    /// <param name="sha256">The SHA-256 of the file, lower-case hexadecimal.</param>
    /// <exception cref="DataException">
    /// The file cannot be read, has another content, is not an image, or is too large.
    /// </exception>
    public static Picture Decode(string path, string sha256)
    {
        byte[] encoded = Read(path);
        return Sha256Hex.OfBytes(encoded) == sha256
            ? Decode(encoded, path)
            : throw new DataException($"{path}: has changed since the run was planned; run the command again");
    }

    /// <summary>Decodes an encoded image.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="name">The name to use in errors.</param>
    /// <exception cref="DataException">The data are not an image, are truncated, or the image is too large.</exception>
    public static Picture Decode(byte[] encoded, string name)
    {
        if (TiffBytes.IsTiff(encoded))
        {
            return TiffPicture.Decode(encoded, name);
        }

        using var data = SKData.CreateCopy(encoded);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            throw new DataException($"{name}: {OtherContent.Of(encoded)}");
        }

        RequireOneImage(codec, name);
        int width = codec.Info.Width;
        int height = codec.Info.Height;
        if ((long)width * height > MostPixels)
        {
            throw new DataException($"{name}: declares {width} x {height} pixels; the limit is {MostPixels} pixels");
        }

        return Alone((long)width * height, () => Decode(codec, encoded, name));
    }

    /// <summary>Skia reads more formats than a run does, and the first image of several.</summary>
    private static void RequireOneImage(SKCodec codec, string name)
    {
        SKEncodedImageFormat format = codec.EncodedFormat;
        if (
            format
            is not (
                SKEncodedImageFormat.Png
                or SKEncodedImageFormat.Jpeg
                or SKEncodedImageFormat.Bmp
                or SKEncodedImageFormat.Webp
            )
        )
        {
            throw new DataException(
                $"{name}: contains {format.ToString().ToUpperInvariant()} data, which is not read; convert it to PNG"
            );
        }

        if (codec.FrameCount > 1)
        {
            throw new DataException($"{name}: contains {codec.FrameCount} frames, expected one image");
        }
    }

    /// <summary>Decodes an image; if it is large, while no other large image is decoded.</summary>
    internal static Picture Alone(long pixels, Func<Picture> decode)
    {
        if (pixels <= LargePixels)
        {
            return decode();
        }

        lock (OneLarge)
        {
            return decode();
        }
    }

    /// <summary>Encodes the image as lossless PNG.</summary>
    public byte[] ToPng()
    {
        byte[] rgba = new byte[Width * Height * 4];
        for (int i = 0, k = 0; i < rgba.Length; i += 4, k += 3)
        {
            rgba[i] = Rgb[k];
            rgba[i + 1] = Rgb[k + 1];
            rgba[i + 2] = Rgb[k + 2];
            rgba[i + 3] = 255;
        }

        var info = new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var image = SKImage.FromPixelCopy(info, rgba);
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static byte[] Read(string path)
    {
        try
        {
            FileKind.RequireRegular(path);
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {FileFault.Reason(path, e)}", e);
        }
    }

    private static Picture Decode(SKCodec codec, byte[] encoded, string name)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        byte[] rgba = new byte[info.BytesSize];
        SKCodecResult result =
            codec.EncodedFormat == SKEncodedImageFormat.Jpeg && !JpegEnd.IsThere(encoded)
                ? SKCodecResult.IncompleteInput
                : Read(codec, info, rgba);
        return result == SKCodecResult.Success
            ? new Picture(info.Width, info.Height, WithoutAlpha(rgba))
            : throw new DataException(
                $"{name}: cannot be decoded completely; it is {(result == SKCodecResult.IncompleteInput ? "truncated" : "damaged")}"
            );
    }

    private static unsafe SKCodecResult Read(SKCodec codec, SKImageInfo info, byte[] rgba)
    {
        fixed (byte* pixels = rgba)
        {
            return codec.GetPixels(info, (nint)pixels);
        }
    }

    private static byte[] WithoutAlpha(byte[] rgba)
    {
        byte[] rgb = new byte[rgba.Length / 4 * 3];
        for (int i = 0, k = 0; i < rgba.Length; i += 4, k += 3)
        {
            rgb[k] = rgba[i];
            rgb[k + 1] = rgba[i + 1];
            rgb[k + 2] = rgba[i + 2];
        }

        return rgb;
    }
}
