using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Plans;

/// <summary>Which class and side an image gets, and when there is none.</summary>
public sealed class LabellingTests
{
    [Fact]
    public void A_subtype_is_a_class_in_ordinal_order()
    {
        DataPlan plan = Label(
            LabelKind.Subtype,
            Image("c", true),
            Image("a", null),
            Image("b", false),
            Image("a", true)
        );

        Assert.Equal(["a", "b", "c"], plan.Classes);
        Assert.Equal([2, 0, 1, 0], plan.Images.Select(image => image.Class));
    }

    [Fact]
    public void Malignancy_does_not_depend_on_the_subtype()
    {
        DataPlan plan = Label(LabelKind.Malignancy, Image("c", true), Image("b", false), Image("a", true));

        Assert.Equal(["benign", "malignant"], plan.Classes);
        Assert.Equal([1, 0, 1], plan.Images.Select(image => image.Class));
    }

    [Fact]
    public void Images_whose_malignancy_is_unknown_cannot_be_labelled_by_it()
    {
        DataException refused = Assert.Throws<DataException>(() =>
            Label(LabelKind.Malignancy, Image("a", true), Image("b", false), Image("c", null))
        );

        Assert.Equal("data.label", refused.Setting);
    }

    [Fact]
    public void One_class_is_too_few()
    {
        DataException refused = Assert.Throws<DataException>(() =>
            Label(LabelKind.Malignancy, Image("a", true), Image("b", true))
        );

        Assert.Equal("data.label", refused.Setting);
    }

    [Fact]
    public void The_sides_are_those_of_the_split() =>
        Assert.Equal(
            [Side.Train, Side.Validation, Side.Validation],
            Label(
                LabelKind.Subtype,
                Image("a", null, Side.Train),
                Image("b", null, Side.Validation),
                Image("a", null, Side.Validation)
            )
                .Images.Select(image => image.Side)
        );

    [Fact]
    public void A_class_with_only_test_images_is_an_error()
    {
        DataException refused = Assert.Throws<DataException>(() =>
            Label(
                LabelKind.Subtype,
                Image("a", null, Side.Train),
                Image("b", null, Side.Validation),
                Image("c", null, Side.Test)
            )
        );

        Assert.Equal("class c has only test images, such as 2.png; a network cannot learn it", refused.Message);
    }

    [Fact]
    public void Each_side_of_an_image_has_its_own_hash()
    {
        CatalogueImage[] others = [Image("a", null, Side.Train), Image("b", null, Side.Validation)];

        Assert.Equal(
            3,
            Enum.GetValues<Side>()
                .Select(side => Label(LabelKind.Subtype, [.. others, Image("b", null, side)]).SplitHash)
                .Distinct(StringComparer.Ordinal)
                .Count()
        );
    }

    /// <summary>
    /// The hash of [["0.png",false],["1.png",true],["2.png","test"]], computed by Python's json and hashlib. If this test
    /// fails, the fingerprints of all recorded runs with such a split have changed: do not change the test.
    /// </summary>
    [Fact]
    public void The_hash_of_a_split_with_test_images_is_golden() =>
        Assert.Equal(
            "bb191b7fb75eff9fde4192125412bd1d6430244e3585aef7c1afdfa6ed1a5b8a",
            Label(
                LabelKind.Subtype,
                Image("a", null, Side.Train),
                Image("b", null, Side.Validation),
                Image("b", null, Side.Test)
            ).SplitHash
        );

    [Theory]
    [InlineData(Side.Validation, "training", "data.split")]
    [InlineData(Side.Train, "validation", "data.split.validation")]
    public void A_side_without_images_is_refused_by_name(Side side, string missing, string setting)
    {
        DataException refused = Assert.Throws<DataException>(() =>
            Label(LabelKind.Subtype, Image("a", null, side), Image("b", null, side))
        );

        Assert.Equal(setting, refused.Setting);
        Assert.Contains(missing, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Labels images with their given sides; images without a side alternate.</summary>
    private static DataPlan Label(LabelKind label, params CatalogueImage[] images) =>
        Labelling.Label(
            new DataSpec
            {
                Source = DataSource.Folders,
                Label = label,
                Split = new SplitSpec { By = SplitUnit.Folders },
            },
            new Catalogue(
                [
                    .. images.Select(
                        (image, i) =>
                            image with
                            {
                                Path = $"{i}.png",
                                Sha256 = $"{i}",
                                GivenSide = image.GivenSide ?? (i % 2 == 1 ? Side.Validation : Side.Train),
                            }
                    ),
                ],
                "/data"
            )
        );

    private static CatalogueImage Image(string subtype, bool? malignant, Side? side = null) =>
        new("", "", subtype, malignant, "", 0, side);
}
