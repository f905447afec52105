using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Testing;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Data.Pictures.Tiff;

/// <summary>TIFF images: the pixels are PIL's, and everything else is an error in one line.</summary>
public sealed class TiffPictureTests(TiffImages images) : IClassFixture<TiffImages>
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["bomb"] = "declares 60000 x 60000 pixels; the limit is 100000000 pixels",
        ["bomb_of_a_line"] = "cannot be decoded completely; it is damaged",
        ["bomb_of_pages"] = "cannot be decoded completely; it is damaged",
        ["bomb_of_tiles"] = NotSaved("with tiles of 65536 x 65536 pixels"),
        ["cmyk"] = NotSupported("with CMYK channels"),
        ["fax"] = NotSaved("with fax compression"),
        ["five_channels"] = NotSupported("with 5 channels of this kind"),
        ["float"] = NotSupported("with floating-point channels"),
        ["jpeg_palette"] = NotSupported("with a colour map and JPEG compression"),
        ["lab"] = NotSupported("with Lab channels"),
        ["more_strips_than_rows"] = "cannot be decoded completely; it is damaged",
        ["odd_tiles"] = NotSaved("with tiles of 17 x 17 pixels"),
        ["orientation_of_bytes"] = NotSaved("with tag 274 of type 1"),
        ["orientation_of_doubles"] = NotSaved("with tag 274 of type 12"),
        ["pages_in_a_cycle"] = "cannot be decoded completely; it is damaged",
        ["planar_grey_alpha"] = NotSupported("with 2 channels of this kind"),
        ["planar_tiles"] = NotSaved("with tiles of single channels"),
        ["predictor_of_a_byte"] = NotSaved("with tag 317 of type 1"),
        ["premultiplied"] = NotSupported("with premultiplied alpha"),
        ["reversed_bits"] = NotSaved("with reversed bits"),
        ["signed"] = NotSupported("with signed channels"),
        ["sixteen_bits"] = NotSupported("with 16 bits per channel"),
        ["sixteen_bits_grey"] = NotSupported("with 16 bits per channel"),
        ["small_palette"] = NotSupported("with an 8-bit colour map"),
        ["sparse"] = "cannot be decoded completely; it is damaged",
        ["strips_and_tiles"] = NotSaved("with both strips and tiles"),
        ["thumbnail_first"] = "is a TIFF with several pages; save the page to use as a file with one page",
        ["too_few_colours"] = NotSupported("with a colour map of 384 values"),
        ["too_many_colours"] = NotSupported("with a colour map of 1536 values"),
        ["two_pages"] = "is a TIFF with several pages; save the page to use as a file with one page",
        ["two_counts_of_bits"] = NotSupported("with 3 channels and the depth of 2"),
        ["white_is_zero_alpha"] = NotSupported("with white as zero and several channels"),
        ["width_of_a_byte"] = NotSaved("with tag 256 of type 1"),
        ["without_checksum"] = "cannot be decoded completely; it is damaged",
        ["wrong_checksum"] = "cannot be decoded completely; it is damaged",
        ["ycbcr"] = NotSupported("with YCbCr channels and without JPEG compression"),
        ["zstandard"] = NotSaved("with Zstandard compression"),
    };

    [Fact]
    public void Pixels_equal_those_of_PIL_byte_for_byte()
    {
        string[] different =
        [
            .. images
                .Equal.Where(image =>
                    !Picture.Decode(image.Tiff, image.Name + ".tif").Rgb.AsSpan().SequenceEqual(image.Rgb)
                )
                .Select(image => image.Name),
        ];

        Assert.Empty(different);
        Assert.True(images.Equal.Count() > 250);
    }

    [Fact]
    public void Images_are_turned_upright()
    {
        var stored = Picture.Decode(images["orientation_1"], "x.tif");
        var turned = Picture.Decode(images["orientation_6"], "x.tif");

        Assert.Equal((stored.Height, stored.Width), (turned.Width, turned.Height));
        Assert.Equal(stored.Rgb[..3], turned.Rgb.AsSpan((turned.Width - 1) * 3, 3).ToArray());
    }

    [Fact]
    public void Every_other_TIFF_is_refused_with_the_reason() =>
        Assert.Equal(
            Reasons.OrderBy(reason => reason.Key, StringComparer.Ordinal).Select(e => $"{e.Key}.tif: {e.Value}"),
            images.Refused.Select(image =>
                Assert.Throws<DataException>(() => Picture.Decode(image.Tiff, image.Name + ".tif")).Message
            )
        );

    [Theory]
    [InlineData("rgb_none_strips")]
    [InlineData("rgb_lzw_tiles")]
    [InlineData("rgb_deflate_strip")]
    [InlineData("rgb_packbits_strips_planar")]
    [InlineData("jpeg_420_strips")]
    [InlineData("jpeg_tables_ycbcr_tiles")]
    [InlineData("palette_lzw_strips")]
    [InlineData("pil_RGB_tiff_lzw_False")]
    [InlineData("pil_RGB_jpeg_True")]
    public void A_cut_file_is_an_error_wherever_it_is_cut(string name)
    {
        byte[] whole = images[name];
        foreach (int length in Enumerable.Range(0, 40).Select(i => whole.Length * i / 40).Append(whole.Length - 1))
        {
            DataException e = Assert.Throws<DataException>(() => Picture.Decode(whole[..length], "slide.tif"));
            Assert.StartsWith("slide.tif: ", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TIFF_data_under_another_extension_is_an_error() =>
        Assert.Equal(
            "slide.png: contains TIFF data, despite its extension; rename it to end in .tif",
            Assert.Throws<DataException>(() => Picture.Decode(images["rgbx"], "slide.png")).Message
        );

    [Fact]
    public void The_format_is_reported()
    {
        Assert.Equal(
            new PictureFormat("tiff", 8, Grey: false, Alpha: false) { IsJpeg = true },
            PictureFormat.Of(images["jpeg_420_tiles"])
        );
        Assert.Equal(
            new PictureFormat("tiff", 8, Grey: false, Alpha: true),
            PictureFormat.Of(images["rgba_lzw_strips"])
        );
        Assert.Equal(
            new PictureFormat("tiff", 4, Grey: true, Alpha: false),
            PictureFormat.Of(images["bits_4_1_packbits"])
        );
    }

    [Fact]
    public void Threads_decode_the_same_image_to_the_same_pixels()
    {
        byte[] tiff = images["jpeg_420_tiles"];
        byte[] expected = Picture.Decode(tiff, "x.tif").Rgb;

        Assert.All(
            Enumerable
                .Range(0, 200)
                .AsParallel()
                .WithDegreeOfParallelism(8)
                .Select(_ => Picture.Decode(tiff, "x.tif").Rgb),
            rgb => Assert.Equal(expected, rgb)
        );
    }

    /// <summary>
    /// Changed bytes in the directory and in the pixels. A changed pixel is no error; any other exception would be.
    /// </summary>
    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else()
    {
        byte[][] files = [.. images.Equal.Where(image => image.Tiff.Length < 30_000).Select(image => image.Tiff)];
        (
            from index in Gen.Int[0, files.Length - 1]
            let file = files[index]
            from changes in Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte, Gen.Bool).Array[1, 8]
            select Changed(file, changes)
        ).Sample(
            file =>
            {
                try
                {
                    _ = Picture.Decode(file, "x.tif");
                }
                catch (DataException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            },
            iter: Fuzzing.Iterations(20_000),
            time: Fuzzing.Seconds
        );
    }

    /// <summary>Half of the changes are at the end, where the script writes the directory.</summary>
    private static byte[] Changed(byte[] file, (int At, byte Value, bool IsInDirectory)[] changes)
    {
        const int DirectoryLength = 250;
        byte[] changed = [.. file];
        foreach ((int at, byte value, bool isInDirectory) in changes)
        {
            int first = isInDirectory ? Math.Max(0, file.Length - DirectoryLength) : 0;
            changed[first + (at % (file.Length - first))] = value;
        }

        return changed;
    }

    private static string NotSaved(string what) =>
        $"a TIFF {what} is not supported; save it in strips with LZW compression";

    private static string NotSupported(string what) => $"a TIFF {what} is not supported; convert it to 8-bit RGB";
}
