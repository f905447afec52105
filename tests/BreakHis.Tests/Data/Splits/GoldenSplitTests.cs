using BreakHis.Data;
using BreakHis.Data.Splits;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Data.Splits;

/// <summary>
/// The split of a fixed seed, image by image. Recorded once, and verified by an independent computation from the
/// description of the draw. If a value changes, every user's split changes: do not adjust the test.
/// </summary>
public sealed class GoldenSplitTests
{
    /// <summary>
    /// Patients and the labels of their images, in order. Some have both labels (14-302 equally many of each), and some
    /// share a root (14-101, 14-202).
    /// </summary>
    private const string Patients = """
        14-101A aaa
        14-101B aa
        14-102  aaaa
        14-103C aaaaa
        14-104  aab
        14-201  bbbb
        14-202D bb
        14-202E bbb
        14-203  bbbbbb
        14-204  bba
        14-301  abb
        14-302  ab
        14-303  b
        """;

    [Fact]
    public void By_patient_the_split_of_a_seed_is_golden() =>
        Assert.Equal(
            """
            14-101A ttt
            14-101B tt
            14-102  VVVV
            14-103C ttttt
            14-104  VVV
            14-201  tttt
            14-202D VV
            14-202E ttt
            14-203  tttttt
            14-204  VVV
            14-301  VVV
            14-302  tt
            14-303  t
            """,
            Sides(Share(SplitUnit.Patient))
        );

    [Fact]
    public void By_root_the_split_of_a_seed_is_golden() =>
        Assert.Equal(
            """
            14-101A ttt
            14-101B tt
            14-102  tttt
            14-103C VVVVV
            14-104  ttt
            14-201  tttt
            14-202D VV
            14-202E VVV
            14-203  tttttt
            14-204  ttt
            14-301  VVV
            14-302  tt
            14-303  t
            """,
            Sides(Share(SplitUnit.Root))
        );

    [Fact]
    public void By_image_the_split_of_a_seed_is_golden() =>
        Assert.Equal(
            """
            14-101A VtV
            14-101B tV
            14-102  tVtt
            14-103C ttttV
            14-104  Vtt
            14-201  tttV
            14-202D tt
            14-202E ttV
            14-203  ttttVV
            14-204  ttt
            14-301  tVt
            14-302  tV
            14-303  V
            """,
            Sides(Share(SplitUnit.Image))
        );

    [Fact]
    public void The_folds_of_a_seed_are_golden()
    {
        Assert.Equal(
            """
            14-101A ttt
            14-101B tt
            14-102  tttt
            14-103C VVVVV
            14-104  ttt
            14-201  tttt
            14-202D tt
            14-202E ttt
            14-203  tttttt
            14-204  VVV
            14-301  VVV
            14-302  VV
            14-303  V
            """,
            Sides(Fold(SplitUnit.Patient, 1, 3))
        );
        Assert.Equal(
            """
            14-101A ttt
            14-101B VV
            14-102  VVVV
            14-103C ttttt
            14-104  ttt
            14-201  tttt
            14-202D VV
            14-202E ttt
            14-203  VVVVVV
            14-204  ttt
            14-301  ttt
            14-302  tt
            14-303  t
            """,
            Sides(Fold(SplitUnit.Patient, 2, 3))
        );
        Assert.Equal(
            """
            14-101A VVV
            14-101B tt
            14-102  tttt
            14-103C ttttt
            14-104  VVV
            14-201  VVVV
            14-202D tt
            14-202E VVV
            14-203  tttttt
            14-204  ttt
            14-301  ttt
            14-302  tt
            14-303  t
            """,
            Sides(Fold(SplitUnit.Patient, 3, 3))
        );
        Assert.Equal(
            """
            14-101A VVV
            14-101B tt
            14-102  tVVt
            14-103C tVVVt
            14-104  ttV
            14-201  VVVV
            14-202D tV
            14-202E ttt
            14-203  VVtttV
            14-204  Vtt
            14-301  VVt
            14-302  Vt
            14-303  t
            """,
            Sides(Fold(SplitUnit.Image, 1, 2))
        );
    }

    /// <summary>Nothing is drawn, so labels, fractions and the seed have no effect.</summary>
    [Fact]
    public void By_folders_each_image_is_on_the_side_of_its_folder() =>
        Assert.Equal(
            """
            14-101A tVt
            14-101B tV
            14-102  tVtt
            14-103C tVttt
            14-104  tVt
            14-201  tVtt
            14-202D tV
            14-202E tVt
            14-203  tVtttt
            14-204  tVt
            14-301  tVt
            14-302  tV
            14-303  t
            """,
            Sides(
                new SplitSpec { By = SplitUnit.Folders, Seed = 7 },
                [
                    .. Images.Select(image =>
                        image with
                        {
                            GivenSide = image.Path.EndsWith("/2.png", StringComparison.Ordinal)
                                ? Side.Validation
                                : Side.Train,
                        }
                    ),
                ]
            )
        );

    [Theory]
    [InlineData(
        1,
        """
            14-301  Vtt
            14-302  tV
            """
    )]
    [InlineData(
        2,
        """
            14-301  ttV
            14-302  VV
            """
    )]
    public void By_file_each_image_is_on_the_side_given_by_the_fold(int fold, string expected)
    {
        var file = SplitFile.Parse(
            """
            14-301/1.png|40|1|test
            14-301/2.png|40|1|train
            14-301/3.png|40|1|train
            14-302/1.png|40|1|train
            14-302/2.png|40|1|test
            14-301/1.png|40|2|train
            14-301/2.png|40|2|train
            14-301/3.png|40|2|test
            14-302/1.png|40|2|test
            14-302/2.png|40|2|test
            """,
            "folds.txt"
        );
        CatalogueImage[] named = [.. Images.Where(image => image.Patient is "14-301" or "14-302")];

        IReadOnlyList<CatalogueImage> divided = new Catalogue(named, "/data")
            .DividedBy(file, fold, expectsAll: true)
            .Images;

        Assert.Equal(expected, Drawing(divided, [.. divided.Select(image => image.GivenSide!.Value)]));
    }

    private static CatalogueImage[] Images { get; } =
    [
        .. from patient in Patients.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        from image in patient[1].Index()
        select new CatalogueImage(
            $"{patient[0]}/{image.Index + 1}.png",
            "",
            $"{image.Item}",
            null,
            patient[0],
            40,
            null
        ),
    ];

    private static SplitSpec Share(SplitUnit unit) =>
        new()
        {
            By = unit,
            Validation = 0.3,
            Seed = 7,
        };

    private static SplitSpec Fold(SplitUnit unit, int fold, int folds) =>
        new()
        {
            By = unit,
            Folds = folds,
            Fold = fold,
            Seed = 7,
        };

    /// <summary>One line per patient, with one letter per image: t for training, V for validation or test.</summary>
    private static string Sides(SplitSpec split, CatalogueImage[]? images = null)
    {
        images ??= Images;
        Side[] sides = Split.Divide(images, [.. images.Select(image => image.Subtype)], split);
        return Drawing(images, sides);
    }

    private static string Drawing(IReadOnlyList<CatalogueImage> images, Side[] sides) =>
        string.Join(
            '\n',
            images
                .Zip(sides, (image, side) => (image.Patient, Letter: side == Side.Train ? 't' : 'V'))
                .GroupBy(one => one.Patient, one => one.Letter, StringComparer.Ordinal)
                .Select(patient => $"{patient.Key, -7} {string.Concat(patient)}")
        );
}
