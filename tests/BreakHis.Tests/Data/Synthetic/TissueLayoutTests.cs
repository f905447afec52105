using System.Text.RegularExpressions;
using BreakHis.Data.Synthetic;
using Xunit;

namespace BreakHis.Tests.Data.Synthetic;

public sealed partial class TissueLayoutTests
{
    private static readonly TissueSpec Spec = new(3, 2, 32, 24, [40, 400], 11);

    private static readonly Dictionary<string, string> Folders = new(StringComparer.Ordinal)
    {
        ["A"] = "benign/SOB/adenosis",
        ["F"] = "benign/SOB/fibroadenoma",
        ["PT"] = "benign/SOB/phyllodes_tumor",
        ["TA"] = "benign/SOB/tubular_adenoma",
        ["DC"] = "malignant/SOB/ductal_carcinoma",
        ["LC"] = "malignant/SOB/lobular_carcinoma",
        ["MC"] = "malignant/SOB/mucinous_carcinoma",
        ["PC"] = "malignant/SOB/papillary_carcinoma",
    };

    [Fact]
    public void Every_path_has_the_official_form()
    {
        foreach (SlideImage image in Tissue.Layout(Spec))
        {
            Match match = PathForm().Match(image.Path);
            Assert.True(match.Success, image.Path);
            Assert.Equal(Folders[image.Subtype], match.Groups["folder"].Value);
            Assert.Equal(image.Subtype, match.Groups["subtype"].Value);
            Assert.Equal(image.Slide, match.Groups["slide"].Value);
            Assert.Equal($"{image.Magnification}", match.Groups["magnification"].Value);
            Assert.Equal($"{image.Sequence:000}", match.Groups["sequence"].Value);
            Assert.Equal(image.Subtype is "A" or "F" or "PT" or "TA" ? "B" : "M", match.Groups["class"].Value);
        }
    }

    [Fact]
    public void Every_patient_has_every_magnification_and_paths_are_unique()
    {
        IReadOnlyList<SlideImage> images = Tissue.Layout(Spec);
        Assert.Equal(8 * 3 * 2 * 2, images.Count);
        Assert.Equal(images.Count, images.Select(image => image.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(8 * 3, images.Select(image => image.Slide).Distinct(StringComparer.Ordinal).Count());
        Assert.All(images.CountBy(image => (image.Slide, image.Magnification)), count => Assert.Equal(2, count.Value));
    }

    [Fact]
    public void First_image_has_a_golden_path() =>
        Assert.Equal(
            "BreaKHis_v1/histology_slides/breast/benign/SOB/adenosis/SOB_B_A_14-60547/40X/SOB_B_A-14-60547-40-001.png",
            Tissue.Layout(Spec)[0].Path
        );

    [Fact]
    public void Adding_patients_does_not_change_earlier_ones() =>
        Assert.Subset(Tissue.Layout(Spec with { PatientsPerSubtype = 5 }).ToHashSet(), Tissue.Layout(Spec).ToHashSet());

    [Fact]
    public void A_different_seed_gives_different_slides() =>
        Assert.Empty(
            Tissue
                .Layout(Spec)
                .Select(image => image.Slide)
                .Intersect(Tissue.Layout(Spec with { Seed = 12 }).Select(image => image.Slide), StringComparer.Ordinal)
        );

    [Fact]
    public void Impossible_specs_are_rejected()
    {
        TissueSpec[] impossible =
        [
            Spec with
            {
                PatientsPerSubtype = 0,
            },
            Spec with
            {
                ImagesPerPatient = 1000,
            },
            Spec with
            {
                Width = 0,
            },
            Spec with
            {
                Height = -1,
            },
            Spec with
            {
                Magnifications = [40, 41],
            },
        ];
        Assert.All(impossible, spec => Assert.Throws<ArgumentOutOfRangeException>(() => Tissue.Layout(spec)));
        Assert.All(
            impossible,
            spec => Assert.Throws<ArgumentOutOfRangeException>(() => Tissue.Draw(spec, Tissue.Layout(Spec)[0]))
        );
        Assert.Throws<ArgumentException>(() => Tissue.Draw(Spec, Tissue.Layout(Spec)[0] with { Subtype = "X" }));
    }

    [GeneratedRegex(
        "^BreaKHis_v1/histology_slides/breast/(?<folder>[a-z]+/SOB/[a-z_]+)/"
            + "SOB_(?<class>[BM])_(?<subtype>[A-Z]+)_14-(?<slide>[0-9]{5})/(?<magnification>[0-9]+)X/"
            + @"SOB_\k<class>_\k<subtype>-14-\k<slide>-\k<magnification>-(?<sequence>[0-9]{3})\.png$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex PathForm();
}
