using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using BreakHis.Testing;
using SkiaSharp;
using Xunit;

namespace BreakHis.Tests.Plans.Checks;

public sealed class DataReviewTests
{
    [Fact]
    public void The_published_paths_lack_only_slide_13412()
    {
        DataReview review = Review(Published(), ByPatient(5, 1));

        Assert.Equal(7663, review.Images.Count);
        Assert.Equal(
            [
                "ductal_carcinoma at 40X: 832 images, published 864 (-32)",
                "ductal_carcinoma at 100X: 870 images, published 903 (-33)",
                "ductal_carcinoma at 200X: 864 images, published 896 (-32)",
                "ductal_carcinoma at 400X: 762 images, published 788 (-26)",
                "ductal_carcinoma: 37 patients, published 38 (-1)",
                "lobular_carcinoma at 40X: 124 images, published 156 (-32)",
                "lobular_carcinoma at 100X: 137 images, published 170 (-33)",
                "lobular_carcinoma at 200X: 131 images, published 163 (-32)",
                "lobular_carcinoma at 400X: 111 images, published 137 (-26)",
                "lobular_carcinoma: 4 patients, published 5 (-1)",
                "all differences come from slide 14-13412, which is missing here; BreaKHis lists it under ductal_carcinoma and lobular_carcinoma, 123 images each",
            ],
            review.Findings.Select(finding => finding.Text)
        );
        Assert.False(review.HasLeak);
    }

    [Fact]
    public void BreaKHis_as_published_differs_only_by_slide_13412_under_two_subtypes()
    {
        DataReview review = Review([.. Published(), .. Slide13412("DC"), .. Slide13412("LC")], ByPatient(5, 1));

        Assert.Equal(PublishedBreakhis.Images, review.Images.Count);
        DataFinding finding = Assert.Single(review.Findings);
        Assert.Equal(DataWeight.Warning, finding.Weight);
        Assert.Contains(
            "14-13412 is listed under ductal_carcinoma and lobular_carcinoma",
            finding.Text,
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// In the first published fold, the DC copy is in the training set and the LC copy in the test set.
    /// </summary>
    [Fact]
    public void A_split_that_separates_the_copies_of_slide_13412_leaks()
    {
        CatalogueImage[] images =
        [
            .. Slide13412("DC").Select(image => image with { GivenSide = Side.Train }),
            .. Slide13412("LC").Select(image => image with { GivenSide = Side.Validation }),
        ];

        DataReview review = Review(images, new SplitSpec { By = SplitUnit.File, File = "dsfold1.txt" });

        Assert.True(review.HasLeak);
        LeakCheck leak = Assert.Single(review.Splits[0].Checks, check => check.Verdict == LeakVerdict.Leak);
        Assert.Equal("patients", leak.Name);
        Assert.Contains("14-13412", leak.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void By_root_slides_with_the_same_root_stay_together()
    {
        CatalogueImage[] images = Published();
        DataReview byPatient = Review(images, [.. Enumerable.Range(1, 5).Select(fold => ByPatient(5, fold))]);
        DataReview byRoot = Review(
            images,
            [.. Enumerable.Range(1, 5).Select(fold => ByPatient(5, fold) with { By = SplitUnit.Root })]
        );

        Assert.Equal(5, byRoot.Splits.Count);
        Assert.Contains(byPatient.Splits, split => Verdict(split, "roots") == LeakVerdict.Doubt);
        Assert.All(byRoot.Splits, split => Assert.Equal(LeakVerdict.Clean, Verdict(split, "roots")));
        Assert.Equal(
            "14-22549",
            Assert.Single(
                new[] { "14-22549AB", "14-22549CD", "14-22549G" }
                    .Select(BreakhisSlide.RootOf)
                    .Distinct(StringComparer.Ordinal)
            )
        );
    }

    [Fact]
    public void By_image_patients_are_on_both_sides_which_is_a_leak() =>
        Assert.True(Review(Published(), new SplitSpec { By = SplitUnit.Image, Validation = 0.3 }).HasLeak);

    [Fact]
    public void Unusable_files_are_reported_by_kind()
    {
        using var folder = new TemporaryFolder();
        Picture original = Resampling.Resize(Noise(1, 10, 8), 40, 30, ResizeFilter.Bilinear);
        byte[] picture = original.ToPng();
        Write(folder, "a/1.png", picture);
        Write(folder, "a/2.png", Noise(2, 40, 30).ToPng());
        Write(folder, "a/small.png", Resampling.Resize(original, 20, 15, ResizeFilter.Bilinear).ToPng());
        Write(folder, "b/copy.png", picture);
        Write(folder, "b/text.png", "no picture"u8.ToArray());
        Write(folder, "b/short.png", picture[..200]);
        Write(folder, "b/grey.png", Encoded(SKColorType.Gray8, SKEncodedImageFormat.Png));
        Write(folder, "b/alpha.png", Encoded(SKColorType.Rgba8888, SKEncodedImageFormat.Png));
        Write(folder, "b/deep.png", Deep());
        Write(folder, "b/scan.svs", picture);
        Write(folder, "b/.trash.png", picture);
        Write(folder, "b/jpeg.png", Encoded(SKColorType.Rgba8888, SKEncodedImageFormat.Jpeg));
        var data = new DataSpec
        {
            Source = DataSource.Folders,
            Split = new SplitSpec { By = SplitUnit.Image, Validation = 0.5 },
        };
        var catalogue = Catalogue.Of(
            data,
            folder.Path,
            PictureSources.Of(data, folder.Path),
            cancellation: TestContext.Current.CancellationToken
        );

        var review = DataReview.Of(
            data,
            [(data.Split, catalogue)],
            catalogue.Images.ToDictionary(
                image => image.Path,
                image => PictureInspection.At(folder.Path, image.Path),
                StringComparer.Ordinal
            ),
            isSynthetic: false
        );

        Assert.Equal(
            [
                "Warning: 1 SVS file, a format that is not read: b/scan.svs",
                "Note: 1 hidden image or preview: b/.trash.png",
                "Error: b/short.png: cannot be decoded completely; it is truncated",
                "Error: b/text.png: is not an image in a supported format (PNG, JPEG, BMP, WebP, TIFF)",
                "Warning: 1 image is 20 x 15 pixels; most are 40 x 30: a/small.png",
                "Warning: 1 image is greyscale (read as three equal channels): b/grey.png",
                "Warning: 1 image has an alpha channel, which is dropped: b/alpha.png",
                "Warning: 1 image has 16 bits per channel (read as 8): b/deep.png",
                "Note: 1 image is JPEG, a lossy format: b/jpeg.png",
                "Note: b/jpeg.png contains jpeg data, despite its extension",
                "Warning: 2 identical images, across a and b: a/1.png, b/copy.png",
            ],
            review
                .Findings.Where(finding => finding.About != "near-duplicates")
                .Select(finding => $"{finding.Weight}: {finding.Text}")
        );
        Assert.Contains(
            review.Findings,
            finding =>
                finding.About == "near-duplicates"
                && finding.Text == "3 nearly identical images, across a and b: a/1.png, a/small.png, b/copy.png"
        );
    }

    private static DataReview Review(CatalogueImage[] images, params SplitSpec[] splits) =>
        DataReview.Of(
            new DataSpec { Source = DataSource.Breakhis, Split = splits[0] },
            [.. splits.Select(split => (split, new Catalogue(images, "/data")))],
            inspections: null,
            isSynthetic: false
        );

    private static SplitSpec ByPatient(int folds, int fold) =>
        new()
        {
            By = SplitUnit.Patient,
            Folds = folds,
            Fold = fold,
        };

    private static LeakVerdict Verdict(SplitReview split, string name) =>
        split.Checks.Single(check => check.Name == name).Verdict;

    private static CatalogueImage[] Published() =>
        [.. File.ReadAllLines(SharedFolder.Get("breakhis/paths.txt")).Select(Image)];

    private static IEnumerable<CatalogueImage> Slide13412(string type) =>
        ((int Magnification, int Images)[])[(40, 32), (100, 33), (200, 32), (400, 26)] is var counts
            ? counts.SelectMany(count =>
                Enumerable
                    .Range(1, count.Images)
                    .Select(i => Image($"SOB_M_{type}-14-13412-{count.Magnification}-{i:000}.png"))
            )
            : [];

    private static CatalogueImage Image(string path)
    {
        BreakhisFileName name = BreakhisFileName.Parse(Path.GetFileName(path))!;
        return new CatalogueImage(path, "", name.SubtypeName, name.Malignant, name.Patient, name.Magnification, null);
    }

    private static void Write(TemporaryFolder folder, string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllBytes(folder[path], bytes);
    }

    private static Picture Noise(int seed, int width, int height)
    {
        byte[] rgb = new byte[width * height * 3];
        new Random(seed).NextBytes(rgb);
        return new Picture(width, height, rgb);
    }

    private static byte[] Encoded(SKColorType colour, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(
            new SKImageInfo(40, 30, colour, colour == SKColorType.Gray8 ? SKAlphaType.Opaque : SKAlphaType.Unpremul)
        );
        for (int y = 0; y < 30; y++)
        {
            for (int x = 0; x < 40; x++)
            {
                byte level = (byte)((x * 37) ^ (y * (11 + (int)colour + (int)format)));
                bitmap.SetPixel(x, y, new SKColor(level, level, level, 200));
            }
        }

        using SKData data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>
    /// A PNG with 16 bits per channel, which Skia does not write. Chunks as in https://www.w3.org/TR/png-3/.
    /// </summary>
    private static byte[] Deep()
    {
        using var raw = new MemoryStream();
        using (
            var zlib = new System.IO.Compression.ZLibStream(
                raw,
                System.IO.Compression.CompressionLevel.Fastest,
                leaveOpen: true
            )
        )
        {
            for (int y = 0; y < 30; y++)
            {
                byte[] row = new byte[1 + (40 * 6)];
                new Random(y).NextBytes(row.AsSpan(1));
                zlib.Write(row);
            }
        }

        return
        [
            0x89,
            .. "PNG\r\n"u8,
            0x1A,
            (byte)'\n',
            .. Chunk("IHDR", [0, 0, 0, 40, 0, 0, 0, 30, 16, 2, 0, 0, 0]),
            .. Chunk("IDAT", raw.ToArray()),
            .. Chunk("IEND", []),
        ];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. System.Text.Encoding.ASCII.GetBytes(name), .. content];
        byte[] length = new byte[4];
        byte[] check = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(check, Crc(body));
        return [.. length, .. body, .. check];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        return ~crc;
    }
}
