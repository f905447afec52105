using System.Globalization;
using System.Text.RegularExpressions;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Numerics;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Plans.Checks;

/// <summary>What a review of images by name and by look finds, one finding at a time.</summary>
public sealed class DataFindingTests
{
    private const string TwoSubtypes = PublishedBreakhis.SlideUnderTwoSubtypes;

    private static readonly SplitSpec AsGiven = new() { By = SplitUnit.Folders };

    [Fact]
    public void One_split_with_a_leak_is_enough()
    {
        CatalogueImage[] apart = [Image("a", "p1", "x"), Image("b", "p2", "y", validation: true)];
        CatalogueImage[] shared = [Image("a", "p1", "x"), Image("b", "p1", "y", validation: true)];

        Assert.False(Review(DataSource.Folders, apart, apart).HasLeak);
        Assert.True(Review(DataSource.Folders, apart, shared).HasLeak);
        Assert.True(Review(DataSource.Folders, shared, apart).HasLeak);
    }

    [Fact]
    public void A_review_has_a_weight_if_a_finding_weighs_as_much_or_more()
    {
        DataReview review = Review(DataSource.Folders, [Image("a", "", "x"), Image("b", "", "y", validation: true)]);
        DataFinding note = new("names", DataWeight.Note, "");
        DataFinding warning = new("names", DataWeight.Warning, "");

        Assert.False(review.Has(DataWeight.Note));
        Assert.True((review with { Findings = [note] }).Has(DataWeight.Note));
        Assert.False((review with { Findings = [note] }).Has(DataWeight.Warning));
        Assert.True((review with { Findings = [note, warning] }).Has(DataWeight.Warning));
        Assert.False((review with { Findings = [note, warning] }).Has(DataWeight.Error));
        Assert.True((review with { Findings = [note, warning] }).Has(DataWeight.Note));
    }

    [Fact]
    public void What_was_inspected_depends_on_the_source_and_on_whether_images_were_read()
    {
        CatalogueImage[] images = [Image("a", "p1", "x"), Image("b", "p2", "y", validation: true)];

        Assert.Single(Review(DataSource.Folders, images).Inspected);
        Assert.Equal(2, Review(DataSource.Breakhis, images).Inspected.Count);
        Assert.Equal(6, Read(DataSource.Folders, images, Looks(("a", 40, 30), ("b", 40, 30))).Inspected.Count);
    }

    [Fact]
    public void Images_that_were_read_are_compared_across_the_split_even_if_one_is_unreadable()
    {
        CatalogueImage[] images =
        [
            Image("a", "p1", "x"),
            Image("b", "p2", "y", validation: true),
            Image("c", "p2", "y", validation: true),
        ];
        Dictionary<string, PictureInspection> looks = Looks(("a", 40, 30), ("b", 40, 30));
        looks["b"] = looks["a"];
        looks["c"] = new PictureInspection(null, null, "cannot be read");

        DataReview review = Read(DataSource.Folders, images, looks);

        Assert.Equal(LeakVerdict.Leak, Verdict(review, "pixels"));
        Assert.Equal(LeakVerdict.NotChecked, Verdict(Review(DataSource.Folders, images), "pixels"));
        Assert.Contains(review.Findings, finding => finding is { About: "readability", Weight: DataWeight.Error });
    }

    [Fact]
    public void The_published_slide_under_two_subtypes_is_distinguished_from_others()
    {
        CatalogueImage[] known = [Image("a", TwoSubtypes, "x"), Image("b", TwoSubtypes, "y", validation: true)];
        CatalogueImage[] other = [Image("a", "14-1", "x"), Image("b", "14-1", "y", validation: true)];
        string Of(CatalogueImage[] images, bool isSynthetic) =>
            Assert
                .Single(Labels(Review(DataSource.Breakhis, isSynthetic, images)))
                .Text.Replace(TwoSubtypes, "14-1", StringComparison.Ordinal);

        Assert.NotEqual(Of(other, isSynthetic: false), Of(known, isSynthetic: false));
        Assert.Equal(Of(other, isSynthetic: true), Of(known, isSynthetic: true));
        Assert.Equal(Of(other, isSynthetic: true), Of(other, isSynthetic: false));
    }

    [Fact]
    public void That_slide_under_one_subtype_is_a_warning_for_BreaKHis()
    {
        CatalogueImage[] alone =
        [
            Image("a", TwoSubtypes, "adenosis"),
            Image("b", "14-1", "fibroadenoma", validation: true),
        ];
        CatalogueImage[] without = [Image("a", "14-2", "x"), Image("b", "14-1", "y", validation: true)];

        DataFinding finding = Assert.Single(Labels(Review(DataSource.Breakhis, alone)));
        Assert.Equal(DataWeight.Warning, finding.Weight);
        Assert.Matches($"{TwoSubtypes}.*adenosis", finding.Text);
        Assert.DoesNotContain("fibroadenoma", finding.Text, StringComparison.Ordinal);
        Assert.Empty(Labels(Review(DataSource.Breakhis, isSynthetic: true, alone)));
        Assert.Empty(Labels(Review(DataSource.Breakhis, without)));
    }

    [Fact]
    public void A_split_is_titled_by_its_unit_and_numbers()
    {
        (string Title, int[] Numbers) Of(SplitSpec split)
        {
            string title = DataReview
                .Of(
                    new DataSpec { Source = DataSource.Folders, Split = split },
                    [(split, new Catalogue([.. Enumerable.Range(0, 12).Select(Divisible)], "/data"))],
                    inspections: null,
                    isSynthetic: false
                )
                .Splits[0]
                .Title;
            return (title, Numbers(title));
        }

        (string folds, int[] foldNumbers) = Of(
            new SplitSpec
            {
                By = SplitUnit.Patient,
                Folds = 3,
                Fold = 2,
            }
        );
        (string share, int[] shareNumbers) = Of(new SplitSpec { By = SplitUnit.Image, Validation = 0.5 });
        (string given, int[] givenNumbers) = Of(AsGiven);
        (string file, int[] fileNumbers) = Of(new SplitSpec { By = SplitUnit.File, Fold = 4 });

        Assert.Equal(
            [
                [2, 3],
                [50],
                [],
                [4],
            ],
            (int[][])[foldNumbers, shareNumbers, givenNumbers, fileNumbers]
        );
        Assert.Contains("patient", folds, StringComparison.Ordinal);
        Assert.Contains("image", share, StringComparison.Ordinal);
        Assert.Contains("folders", given, StringComparison.Ordinal);
        Assert.Contains("file", file, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unusual_size_is_compared_with_the_published_or_the_most_frequent_one()
    {
        CatalogueImage[] images = [.. "abcd".Select((name, i) => Image($"{name}", $"p{i}", $"{i % 2}", i > 1))];
        Dictionary<string, PictureInspection> looks = Looks(("a", 50, 30), ("b", 40, 30), ("c", 50, 30), ("d", 40, 40));
        string[] Sizes(DataSource source, Dictionary<string, PictureInspection> of) =>
            [.. Read(source, images, of).Findings.Where(f => f.About == "sizes").Select(f => f.Text)];

        Assert.Equal(
            [
                [1, 40, 30, 50, 30],
                [1, 40, 40, 50, 30],
            ],
            Sizes(DataSource.Folders, looks).Select(Numbers).ToArray()
        );
        Assert.Equal(
            [
                [2, 50, 30, 700, 460],
                [1, 40, 30, 700, 460],
                [1, 40, 40, 700, 460],
            ],
            Sizes(DataSource.Breakhis, looks).Select(Numbers).ToArray()
        );
        Assert.All(
            Sizes(DataSource.Breakhis, looks),
            text => Assert.Contains("BreaKHis", text, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Images_of_one_size_and_the_usual_format_have_no_findings()
    {
        CatalogueImage[] images = [Image("a.png", "p1", "x"), Image("b.png", "p2", "y", validation: true)];

        Assert.Empty(Read(DataSource.Folders, images, Looks(("a.png", 40, 30), ("b.png", 40, 30))).Findings);
    }

    private static DataReview Review(DataSource source, params CatalogueImage[][] catalogues) =>
        DataReview.Of(
            new DataSpec { Source = source, Split = AsGiven },
            [.. catalogues.Select(images => (AsGiven, new Catalogue(images, "/data")))],
            inspections: null,
            isSynthetic: false
        );

    private static DataReview Review(DataSource source, bool isSynthetic, CatalogueImage[] images) =>
        DataReview.Of(
            new DataSpec { Source = source, Split = AsGiven },
            [(AsGiven, new Catalogue(images, "/data"))],
            inspections: null,
            isSynthetic
        );

    private static DataReview Read(
        DataSource source,
        CatalogueImage[] images,
        Dictionary<string, PictureInspection> looks
    ) =>
        DataReview.Of(
            new DataSpec { Source = source, Split = AsGiven },
            [(AsGiven, new Catalogue(images, "/data"))],
            looks,
            isSynthetic: false
        );

    /// <summary>Usual PNGs of these sizes by path, each with a look of its own.</summary>
    private static Dictionary<string, PictureInspection> Looks(params (string Path, int Width, int Height)[] images) =>
        images
            .Select(
                (image, i) =>
                    (
                        image.Path,
                        Look: new PictureInspection(
                            new PictureDigest(
                                image.Width,
                                image.Height,
                                image.Path,
                                DifferenceHash.Of(Noise(i)).Text()
                            ),
                            new PictureFormat("png", 8, Grey: false, Alpha: false),
                            Wrong: null
                        )
                    )
            )
            .ToDictionary(image => image.Path, image => image.Look, StringComparer.Ordinal);

    private static Picture Noise(int seed)
    {
        var random = RandomStream.From(seed, "noise");
        return new Picture(33, 33, [.. Enumerable.Range(0, 3 * 33 * 33).Select(_ => (byte)random.Below(256))]);
    }

    private static IEnumerable<DataFinding> Labels(DataReview review) =>
        review.Findings.Where(finding => finding.About == "labels");

    private static LeakVerdict Verdict(DataReview review, string name) =>
        review.Splits[0].Checks.Single(check => check.Name == name).Verdict;

    private static int[] Numbers(string text) =>
        [
            .. Regex
                .Matches(text, @"\b\d+\b", RegexOptions.None, TimeSpan.FromMinutes(1))
                .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)),
        ];

    private static CatalogueImage Divisible(int i) =>
        Image($"{i:00}", $"p{i}", "xy"[i % 2].ToString(), validation: i < 4);

    private static CatalogueImage Image(string path, string patient, string subtype, bool validation = false) =>
        new(path, path, subtype, null, patient, 40, validation ? Side.Validation : Side.Train);
}
