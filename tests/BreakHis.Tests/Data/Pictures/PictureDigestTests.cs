using BreakHis.Data.Pictures;
using BreakHis.Specs;
using BreakHis.Testing;
using SkiaSharp;
using Xunit;

namespace BreakHis.Tests.Data.Pictures;

public sealed class PictureDigestTests
{
    [Fact]
    public void The_same_pixels_have_the_same_digest_in_any_file()
    {
        Picture picture = Sample()[0];

        Assert.Equal(PictureDigest.Of(picture), PictureDigest.Of(Picture.Decode(picture.ToPng(), "x")));
        Picture other = picture with { Rgb = [.. picture.Rgb] };
        other.Rgb[4711] ^= 1;
        Assert.NotEqual(PictureDigest.Of(picture).Pixels, PictureDigest.Of(other).Pixels);
        Assert.Equal(PictureDigest.Of(picture).Look, PictureDigest.Of(other).Look);
    }

    [Fact]
    public void Only_copies_of_an_image_at_other_sizes_are_near_duplicates()
    {
        List<PictureDigest> digests = [];
        List<int> originals = [];
        foreach ((Picture picture, int i) in Sample().Select((picture, i) => (picture, i)))
        {
            Picture[] copies =
            [
                picture,
                Resampling.Resize(picture, 224, 224, ResizeFilter.Bilinear),
                Resampling.Resize(picture, 350, 230, ResizeFilter.Nearest),
                Resampling.Resize(picture, 1400, 920, ResizeFilter.Bilinear),
                Jpeg(picture, 90),
            ];
            digests.AddRange(copies.Select(PictureDigest.Of));
            originals.AddRange(copies.Select(_ => i));
        }

        IReadOnlyList<(int First, int Second)> near = Duplicates.Near(digests);

        (int, int)[] expected =
        [
            .. from first in Enumerable.Range(0, digests.Count)
            from second in Enumerable.Range(first + 1, digests.Count - first - 1)
            where originals[first] == originals[second]
            select (first, second),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, near);
    }

    [Fact]
    public void Images_without_structure_match_only_identical_ones()
    {
        var white = PictureDigest.Of(Flat(255));
        var grey = PictureDigest.Of(Flat(127));

        Assert.Equal([(0, 2)], Duplicates.Near([white, grey, white]));
    }

    /// <summary>The only pair among the 549 real images in ../shared: a field of view photographed twice.</summary>
    [Fact]
    public void A_field_of_view_photographed_twice_is_found()
    {
        string slide = SharedFolder.Get(
            "breakhis/100x/BreaKHis_v1/histology_slides/breast/benign/SOB/tubular_adenoma/SOB_B_TA_14-3411F/100X"
        );
        string[] files = [.. Directory.GetFiles(slide).Order(StringComparer.Ordinal)];

        IReadOnlyList<(int First, int Second)> near = Duplicates.Near([
            .. files.Select(file => PictureDigest.Of(Picture.Decode(file))),
        ]);

        (int first, int second) = Assert.Single(near);
        Assert.EndsWith("-002.png", files[first], StringComparison.Ordinal);
        Assert.EndsWith("-011.png", files[second], StringComparison.Ordinal);
    }

    private static Picture[] Sample() =>
        [
            .. Directory
                .GetFiles(SharedFolder.Get("breakhis/sample"), "*.png", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(Picture.Decode),
        ];

    private static Picture Flat(byte level)
    {
        byte[] rgb = new byte[300];
        Array.Fill(rgb, level);
        return new Picture(10, 10, rgb);
    }

    private static Picture Jpeg(Picture picture, int quality)
    {
        using var bitmap = SKBitmap.Decode(picture.ToPng());
        using SKData jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return Picture.Decode(jpeg.ToArray(), "x.jpg");
    }
}
