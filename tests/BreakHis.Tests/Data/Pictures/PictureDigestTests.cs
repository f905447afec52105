using BreakHis.Data.Pictures;
using BreakHis.Numerics;
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

        IReadOnlyList<NearPair> near = Near(digests);

        NearPair[] expected =
        [
            .. from second in Enumerable.Range(0, digests.Count)
            let first = originals.IndexOf(originals[second])
            where first < second
            select new NearPair(first, second, false),
        ];
        Assert.NotEmpty(expected);
        Assert.Equal(expected, near);
    }

    [Fact]
    public void Images_without_structure_match_only_identical_ones()
    {
        var white = PictureDigest.Of(Flat(255));
        var grey = PictureDigest.Of(Flat(127));

        Assert.Equal([new NearPair(0, 2, false)], Near([white, grey, white]));
        Assert.Equal([true, true], Duplicates.TooFlat([white, grey]));
    }

    [Fact]
    public void Turned_and_mirrored_copies_are_found()
    {
        Picture[] pictures = Sample();
        Picture original = pictures[0];
        Picture[] copies = [original, Mirrored(original), Transposed(original), Mirrored(Transposed(original))];
        PictureDigest[] digests = [.. copies.Concat(pictures[1..]).Select(PictureDigest.Of)];

        Assert.Equal(
            [(0, 1, true), (0, 2, true), (0, 3, true)],
            Near(digests).Select(pair => (pair.First, pair.Second, pair.IsTurned))
        );
    }

    [Fact]
    public void All_orientations_are_those_of_the_turned_image()
    {
        Picture picture = Sample()[0];
        Picture square = Resampling.Resize(picture, 33, 33, ResizeFilter.Bilinear);
        Picture turned = Mirrored(Transposed(square));

        IReadOnlyList<DifferenceHash> looks = DifferenceHash.Of(square).Orientations();

        Assert.Equal(8, looks.Select(look => look.Text()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(DifferenceHash.Of(Mirrored(square)).Text(), looks[1].Text());
        Assert.Contains(DifferenceHash.Of(turned).Text(), looks.Select(look => look.Text()));
        Assert.Contains(DifferenceHash.Of(Transposed(square)).Text(), looks.Select(look => look.Text()));
        Assert.All(looks, look => Assert.Equal(look.Text(), DifferenceHash.Parse(look.Text()).Text()));
        Assert.All(looks, look => Assert.Equal(looks[0].Information, look.Information));
    }

    /// <summary>Small shapes on a white background, as of tissue cores; none is a copy of another.</summary>
    [Fact]
    public void Different_shapes_on_a_flat_background_are_not_near_duplicates()
    {
        PictureDigest[] digests = [.. Enumerable.Range(0, 40).Select(i => PictureDigest.Of(Core(i)))];

        Assert.Empty(Near(digests));
    }

    /// <summary>Different images in the same wide white frame.</summary>
    [Fact]
    public void A_common_frame_makes_no_near_duplicates()
    {
        PictureDigest[] digests = [.. Sample().Select(Framed).Select(PictureDigest.Of)];

        Assert.All(Duplicates.TooFlat(digests), Assert.False);
        Assert.Empty(Near(digests));
    }

    /// <summary>
    /// Different fields as round cores on a slide that is darker at its corners, and in a round frame: outline and light
    /// are common to all. A copy in the same frame is found.
    /// </summary>
    [Theory]
    [InlineData(110, 245, 0)]
    [InlineData(110, 245, 0.15)]
    [InlineData(110, 245, 0.4)]
    [InlineData(220, 255, 0)]
    [InlineData(220, 0, 0.25)]
    public void A_common_outline_and_uneven_light_make_no_near_duplicates(
        int radius,
        byte background,
        double vignetting
    )
    {
        Picture[] pictures = [.. Sample().Select(picture => InCircle(picture, radius, background, vignetting))];
        Picture copy = Resampling.Resize(pictures[3], 230, 230, ResizeFilter.Bilinear);

        Assert.Equal(
            [new NearPair(3, pictures.Length, false)],
            Near([.. pictures.Append(copy).Select(PictureDigest.Of)])
        );
    }

    [Fact]
    public void Pairs_that_share_an_image_form_one_group()
    {
        Assert.Equal(
            [("0 2 5 6", true), ("1 3", false)],
            Duplicates
                .Groups([new(0, 2, false), new(1, 3, false), new(2, 5, true), new(0, 6, false)])
                .Select(group => (string.Join(' ', group.Images), group.HasTurned))
        );
        Assert.Empty(Duplicates.Groups([]));
    }

    /// <summary>The only pair among the 549 real images in ../shared: a field of view photographed twice.</summary>
    [Fact]
    public void A_field_of_view_photographed_twice_is_found()
    {
        string slide = SharedFolder.Get(
            "breakhis/100x/BreaKHis_v1/histology_slides/breast/benign/SOB/tubular_adenoma/SOB_B_TA_14-3411F/100X"
        );
        string[] files = [.. Directory.GetFiles(slide).Order(StringComparer.Ordinal)];

        IReadOnlyList<NearPair> near = Near([.. files.Select(file => PictureDigest.Of(Picture.Decode(file)))]);

        (int first, int second, _) = Assert.Single(near);
        Assert.EndsWith("-002.png", files[first], StringComparison.Ordinal);
        Assert.EndsWith("-011.png", files[second], StringComparison.Ordinal);
    }

    private static IReadOnlyList<NearPair> Near(IReadOnlyList<PictureDigest> digests) =>
        Duplicates.Near(digests, (_, _) => true);

    private static Picture InCircle(Picture picture, int radius, byte background, double vignetting)
    {
        const int Size = 460;
        Picture square = Resampling.Resize(picture, Size, Size, ResizeFilter.Bilinear);
        return Drawn(
            Size,
            (row, column) =>
            {
                (double y, double x) = (row - (Size / 2), column - (Size / 2));
                double light = 1 - (vignetting * ((x * x) + (y * y)) / (Size * Size / 2));
                byte[] colour =
                    (x * x) + (y * y) < radius * radius
                        ? square.Rgb.AsSpan(3 * ((row * Size) + column), 3).ToArray()
                        : [background, background, background];
                return [.. colour.Select(value => (byte)(value * light))];
            }
        );
    }

    private static Picture[] Sample() =>
        [
            .. Directory
                .GetFiles(SharedFolder.Get("breakhis/sample"), "*.png", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(Picture.Decode),
        ];

    private static Picture Mirrored(Picture picture) =>
        Moved(picture, picture.Width, picture.Height, (row, column) => (row, picture.Width - 1 - column));

    private static Picture Transposed(Picture picture) =>
        Moved(picture, picture.Height, picture.Width, (row, column) => (column, row));

    private static Picture Framed(Picture picture)
    {
        Picture small = Resampling.Resize(picture, 224, 224, ResizeFilter.Bilinear);
        return Drawn(
            448,
            (row, column) =>
                row is >= 112 and < 336 && column is >= 112 and < 336
                    ? small.Rgb.AsSpan(3 * (((row - 112) * 224) + column - 112), 3).ToArray()
                    : [255, 255, 255]
        );
    }

    /// <summary>A blob with dots, drawn from a seed.</summary>
    private static Picture Core(int seed)
    {
        var random = RandomStream.From(seed, "core");
        (double x, double y, double radius) = (
            random.Uniform(60, 164),
            random.Uniform(60, 164),
            random.Uniform(25, 45)
        );
        (double X, double Y)[] dots =
        [
            .. Enumerable
                .Range(0, 25)
                .Select(_ => (x + (radius / 2 * random.Normal()), y + (radius / 2 * random.Normal()))),
        ];
        return Drawn(
            224,
            (row, column) =>
                dots.Any(dot => Math.Pow(dot.X - column, 2) + Math.Pow(dot.Y - row, 2) < 9) ? [90, 40, 140]
                : Math.Pow(x - column, 2) + Math.Pow(y - row, 2) < radius * radius ? [230, 160, 200]
                : [255, 255, 255]
        );
    }

    private static Picture Drawn(int side, Func<int, int, byte[]> colour) =>
        new(
            side,
            side,
            [
                .. from row in Enumerable.Range(0, side)
                from column in Enumerable.Range(0, side)
                from value in colour(row, column)
                select value,
            ]
        );

    private static Picture Moved(Picture picture, int width, int height, Func<int, int, (int Row, int Column)> from)
    {
        byte[] rgb = new byte[picture.Rgb.Length];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                (int oldRow, int oldColumn) = from(row, column);
                picture
                    .Rgb.AsSpan(3 * ((oldRow * picture.Width) + oldColumn), 3)
                    .CopyTo(rgb.AsSpan(3 * ((row * width) + column)));
            }
        }

        return new Picture(width, height, rgb);
    }

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
