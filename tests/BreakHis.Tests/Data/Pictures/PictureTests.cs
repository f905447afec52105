using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Testing;
using CsCheck;
using SkiaSharp;
using Xunit;

namespace BreakHis.Tests.Data.Pictures;

public sealed class PictureTests
{
    [Fact]
    public void PNG_keeps_every_pixel() =>
        (
            from width in Gen.Int[1, 20]
            from height in Gen.Int[1, 20]
            from rgb in Gen.Byte.Array[width * height * 3]
            select new Picture(width, height, rgb)
        ).Sample(picture => Assert.Equal(picture.Rgb, Picture.Decode(picture.ToPng(), "x").Rgb));

    [Fact]
    public void Alpha_is_dropped_and_greyscale_is_read_as_three_equal_channels()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 100, 50, 128));
        using SKData alpha = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var greyBitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Gray8));
        greyBitmap.SetPixel(0, 0, new SKColor(77, 77, 77));
        using SKData grey = greyBitmap.Encode(SKEncodedImageFormat.Png, 100);

        Assert.Equal([200, 100, 50], Picture.Decode(alpha.ToArray(), "x").Rgb);
        Assert.Equal([77, 77, 77], Picture.Decode(grey.ToArray(), "x").Rgb);
    }

    [Fact]
    public void A_file_with_another_content_than_planned_is_rejected()
    {
        using var folder = new TemporaryFolder();
        byte[] planned = new Picture(1, 1, [1, 2, 3]).ToPng();
        File.WriteAllBytes(folder["a.png"], planned);
        PictureSource pictures = PictureSources.Unchanged(
            folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["a.png"] = Sha256Hex.OfBytes(planned) }
        );

        Assert.Equal([1, 2, 3], pictures("a.png").Rgb);

        File.WriteAllBytes(folder["a.png"], new Picture(1, 1, [1, 2, 4]).ToPng());
        DataException e = Assert.Throws<DataException>(() => pictures("a.png"));
        Assert.StartsWith($"{folder["a.png"]}: has changed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Incomplete_images_are_rejected_in_one_line()
    {
        byte[] png = new Picture(30, 30, new byte[2700]).ToPng();
        byte[] claim = [.. png];
        claim[18] = 0xEA; // width 60,000
        claim[19] = 0x60;
        claim[22] = 0xEA;
        claim[23] = 0x60;

        foreach (
            byte[] bad in (byte[][])
                [
                    [],
                    [1, 2, 3],
                    png[..60],
                    "text"u8.ToArray(),
                    claim,
                ]
        )
        {
            DataException e = Assert.Throws<DataException>(() => Picture.Decode(bad, "slide.png"));
            Assert.StartsWith("slide.png: ", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', e.Message);
        }

        using var folder = new TemporaryFolder();
        Assert.Throws<DataException>(() => Picture.Decode(folder["missing.png"]));
    }
}
