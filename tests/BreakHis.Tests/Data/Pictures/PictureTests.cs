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
    [Theory]
    [InlineData("", "x.png: is empty")]
    [InlineData(
        "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n",
        "x.png: is a Git LFS pointer; fetch the image with 'git lfs pull'"
    )]
    [InlineData("\ufeff\n<!DOCTYPE html>\n", "x.png: is an HTML page, not an image; download the image again")]
    [InlineData("<html lang=en>", "x.png: is an HTML page, not an image; download the image again")]
    [InlineData("text", "x.png: is not an image in a supported format (PNG, JPEG, BMP, WebP, TIFF)")]
    public void What_a_file_contains_instead_of_an_image_is_named(string content, string message)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(content);

        Assert.Equal(message, Assert.Throws<DataException>(() => Picture.Decode(bytes, "x.png")).Message);
    }

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

    /// <summary>Written by PIL: a GIF of one pixel, and a WebP image of two frames.</summary>
    [Theory]
    [InlineData(
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
        "contains GIF data, which is not read; convert it to PNG"
    )]
    [InlineData(
        "UklGRoIAAABXRUJQVlA4WAoAAAACAAAAAQAAAQAAQU5JTQYAAAAAAAAAAABBTk1GJgAAAAAAAAAAAAEAAAEAAAAAAAJWUDhMDgAAAC8BQAAABxAR/Q9ERP8DQU5NRigAAAAAAAAAAAABAAABAAAAAAAAVlA4TA8AAAAvAUAAAAcQhYr+ByKi/wEA",
        "contains 2 frames, expected one image"
    )]
    public void Formats_that_are_not_read_and_several_frames_are_rejected(string image, string reason) =>
        Assert.Equal(
            $"a.png: {reason}",
            Assert.Throws<DataException>(() => Picture.Decode(Convert.FromBase64String(image), "a.png")).Message
        );

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

    /// <summary>The decoder takes the first, coarse scan of a progressive image for the whole image.</summary>
    [Fact]
    public void A_truncated_JPEG_is_rejected_wherever_it_ends()
    {
        using var bitmap = new SKBitmap(24, 16);
        using SKData baseline = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        foreach (byte[] jpeg in (byte[][])[baseline.ToArray(), Convert.FromBase64String(Progressive)])
        {
            Assert.Equal(24, Picture.Decode(jpeg, "a.jpg").Width);
            Assert.Equal(24, Picture.Decode([.. jpeg, 0, 1, 2], "a.jpg").Width);
            for (int length = 0; length < jpeg.Length; length++)
            {
                Assert.Throws<DataException>(() => Picture.Decode(jpeg[..length], "a.jpg"));
            }
        }
    }

    /// <summary>24 x 16 pixels, written by PIL.</summary>
    private const string Progressive =
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhl"
        + "bXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8"
        + "fHx8fHx8fHx8fHx8fHz/wgARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAMC/8QAFgEBAQEAAAAAAAAA"
        + "AAAAAAAAAQAC/9oADAMBAAIQAxAAAAHC08oR/8QAGRAAAgMBAAAAAAAAAAAAAAAAABEBAiIS/9oACAEBAAEFApQqil7gyc1P"
        + "/8QAFhEBAQEAAAAAAAAAAAAAAAAAABFR/9oACAEDAQE/Abiv/8QAFREBAQAAAAAAAAAAAAAAAAAAABP/2gAIAQIBAT8Bik//"
        + "xAAaEAADAAMBAAAAAAAAAAAAAAAAARECITKB/9oACAEBAAY/ApljPIabNNHJHjDpn//EAB0QAQACAgIDAAAAAAAAAAAAAAEA"
        + "ESFBMVFhcZH/2gAIAQEAAT8hWINoCcLrZK7KPkFm7emOdNGuIarvOZ//2gAMAwEAAgADAAAAENj/AP/EABsRAQACAgMAAAAA"
        + "AAAAAAAAAAEAESGBMbHB/9oACAEDAQE/EBc2033DJutj4T//xAAaEQEAAQUAAAAAAAAAAAAAAAABACExUaGx/9oACAECAQE/"
        + "EDDVYkvyf//EAB4QAQEAAgIDAQEAAAAAAAAAAAERACExQVFhceHw/9oACAEBAAE/EAu54Nk3dkZMVhbWoG+N8695cFvLa/Pv"
        + "vHVCcptnjv8AMaekkCzvc+n84zREkuE56kfef//Z";
}
