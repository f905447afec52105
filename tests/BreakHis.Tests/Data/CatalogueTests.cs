using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Specs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Data;

public sealed class CatalogueTests
{
    private static readonly SplitSpec ByImage = new() { By = SplitUnit.Image, Validation = 0.5 };

    [Fact]
    public void BreaKHis_is_read_from_any_level_of_its_folders()
    {
        string root = SharedFolder.Get("breakhis/sample");
        var data = new DataSpec
        {
            Source = DataSource.Breakhis,
            Split = ByImage,
            Magnifications = [40],
        };

        Catalogue whole = Of(data, root);
        Catalogue benign = Of(data, Path.Combine(root, "BreaKHis_v1/histology_slides/breast/benign"));

        Assert.Equal(8, whole.Images.Select(i => i.Subtype).Distinct(StringComparer.Ordinal).Count());
        Assert.All(whole.Images, i => Assert.Equal(40, i.Magnification));
        Assert.Equal(
            ["adenosis", "fibroadenoma", "phyllodes_tumor", "tubular_adenoma"],
            benign.Images.Select(i => i.Subtype).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.All(benign.Images, i => Assert.False(i.Malignant));
        Assert.Equal(whole.Images.Count(i => i.Malignant == false), benign.Images.Count);
        Assert.Subset(
            whole.Images.Select(i => i.Sha256).ToHashSet(StringComparer.Ordinal),
            benign.Images.Select(i => i.Sha256).ToHashSet(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Class_folders_and_side_folders_are_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "Train/b/1.png",
            "Train/a/2.png",
            "Validate/a/3.PNG",
            "Validate/b/x/4.jpg",
            "Validate/b/notes.txt"
        );

        Catalogue catalogue = Of(Folders(SplitUnit.Folders), folder.Path);

        Assert.Equal(
            [
                "Train/a/2.png a Train",
                "Train/b/1.png b Train",
                "Validate/a/3.PNG a Validation",
                "Validate/b/x/4.jpg b Validation",
            ],
            catalogue.Images.Select(i => $"{i.Path} {i.Subtype} {i.GivenSide}")
        );
        Side[] sides = Split.Divide(
            catalogue.Images,
            [.. catalogue.Images.Select(i => i.Subtype)],
            new SplitSpec { By = SplitUnit.Folders }
        );
        Assert.Equal([Side.Train, Side.Train, Side.Validation, Side.Validation], sides);
    }

    [Fact]
    public void Plain_class_folders_have_no_sides()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b c/2 \"x\".png", "ü/3.png");

        Catalogue catalogue = Of(Folders(SplitUnit.Image), folder.Path);

        Assert.Equal(["a", "b c", "ü"], catalogue.Images.Select(i => i.Subtype));
        DataException e = Assert.Throws<DataException>(() =>
            Split.Divide(catalogue.Images, ["", "", ""], new SplitSpec { By = SplitUnit.Folders })
        );
        Assert.Contains("Train and Validate", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "val", "test")]
    [InlineData("TRAINING_SET", "Valid", "Testing")]
    [InlineData("training", "dev", "test_set")]
    [InlineData("train_data", "val-images", "Test Dataset")]
    [InlineData("TrainSplit", "validation_split", "testdata")]
    [InlineData("Train_Set", "validation_set", "TEST")]
    [InlineData("train-set", "Valid Set", "testset")]
    public void Folders_of_sides_are_never_classes(string train, string validation, string test)
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            $"{train}/a/1.png",
            $"{train}/b/2.png",
            $"{validation}/a/3.png",
            $"{test}/b/4.png",
            $"{train}/5.png"
        );

        Catalogue kept = Of(Folders(SplitUnit.Folders), folder.Path);
        Catalogue pooled = Of(Folders(SplitUnit.Image), folder.Path);

        Assert.Equal(
            ["1.png a Train", "2.png b Train", "3.png a Validation", "4.png b Test"],
            kept.Images.Select(i => $"{Path.GetFileName(i.Path)} {i.Subtype} {i.GivenSide}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal([$"1 image outside the class folders: {train}/5.png"], kept.LeftOut.Select(left => left.Text));
        Assert.Equal(
            ["1.png a", "2.png b", "3.png a", "4.png b"],
            pooled.Images.Select(i => $"{Path.GetFileName(i.Path)} {i.Subtype}").Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("test/a/1.png", "training folder")]
    [InlineData("train/a/1.png", "folder for validation or testing")]
    public void Folders_without_a_side_cannot_keep_their_sides(string other, string missing)
    {
        using var folder = new TemporaryFolder();
        folder.Write(other, other.Replace("/a/", "/b/", StringComparison.Ordinal));

        DataException e = Assert.Throws<DataException>(() => Of(Folders(SplitUnit.Folders), folder.Path));

        Assert.Equal("data.split", e.Setting);
        Assert.Contains($"has no {missing}", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, Of(Folders(SplitUnit.Image), folder.Path).Images.Count);
    }

    [Fact]
    public void Images_of_a_side_without_a_class_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train/a/1.png", "train/b/2.png", "test/3.png");

        DataException e = Assert.Throws<DataException>(() => Of(Folders(SplitUnit.Folders), folder.Path));

        Assert.EndsWith(
            "test/3.png is in one without a class folder, so its class is unknown",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Train/Benign/1.png", "Validate/benign/2.png")]
    [InlineData("Train/caf\u00e9/1.png", "Test/cafe\u0301/2.png")]
    public void A_class_that_is_spelled_differently_on_two_sides_is_an_error(string first, string second)
    {
        using var folder = new TemporaryFolder();
        folder.Write(first, second, "Train/other/3.png", "Validate/other/4.png");

        DataException e = Assert.Throws<DataException>(() => Of(Folders(SplitUnit.Image), folder.Path));

        Assert.Contains(first, e.Message, StringComparison.Ordinal);
        Assert.Contains(second, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, null, "p1 p2 p1")]
    [InlineData(1, null, "a a b")]
    [InlineData(null, "/(p[0-9]+)/", "p1 p2 p1")]
    [InlineData(null, "p[0-9]", "p1 p2 p1")]
    [InlineData(null, "([0-9])[.]png$", "1 2 3")]
    public void Patients_are_found_in_paths(int? level, string? pattern, string patients)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/p1/1.png", "a/p2/2.png", "b/p1/3.png");

        Catalogue catalogue = Of(Folders(SplitUnit.Patient) with { Patient = new(level, pattern) }, folder.Path);

        Assert.Equal(patients, string.Join(' ', catalogue.Images.Select(image => image.Patient)));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(null, "p2")]
    [InlineData(null, "(x?)p1")]
    public void An_image_without_a_patient_is_an_error(int? level, string? pattern)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/p2/1.png", "b/p1/2.png");

        DataException e = Assert.Throws<DataException>(() =>
            Of(Folders(SplitUnit.Patient) with { Patient = new(level, pattern) }, folder.Path)
        );

        Assert.Equal("data.patient", e.Setting);
        Assert.Matches(".png", e.Message);
    }

    [Fact]
    public void Two_spellings_on_one_side_are_two_classes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Train/a/1.png", "Train/A/2.png", "Validate/a/3.png");

        Assert.Equal(["A", "a", "a"], Of(Folders(SplitUnit.Image), folder.Path).Images.Select(i => i.Subtype));
    }

    [Fact]
    public void A_file_on_neither_side_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("Train/a/1.png", "Validate/a/2.png", "other/3.png");

        Assert.Contains(
            "other/3.png",
            Assert.Throws<DataException>(() => Of(Folders(SplitUnit.Folders), folder.Path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Links_are_followed_and_cycles_of_links_end()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        folder.Write("a/1.png");
        elsewhere.Write("x/2.png");
        (string Link, string Target)[] links =
        [
            (folder["a/up"], folder.Path),
            (folder["a/self"], folder["a/self"]),
            (folder["b"], elsewhere["x"]),
            (elsewhere["x/back"], folder["a"]),
            (elsewhere["x/root"], "/"),
            (folder["c"], folder["nowhere"]),
        ];
        Array.ForEach(links, link => Directory.CreateSymbolicLink(link.Link, link.Target));

        Catalogue catalogue = Of(Folders(SplitUnit.Image), folder.Path);

        // Deleted before the folders, because deleting folders would follow the links.
        Array.ForEach(links, link => File.Delete(link.Link));
        Assert.Equal(["a/1.png", "b/2.png", "b/back/1.png"], catalogue.Images.Select(image => image.Path));
        Assert.Equal(
            [
                "3 links to nothing: a/self, b/back/self, c",
                "3 links to folders that contain them: a/up, b/back/up, b/root",
            ],
            catalogue.LeftOut.Select(left => left.Text)
        );
        Assert.DoesNotContain(catalogue.LeftOut, left => left.IsUsual);
    }

    /// <summary>Otherwise the images of a side that is linked to another would be missing, and the leak with them.</summary>
    [Fact]
    public void A_folder_linked_to_another_side_is_listed_on_both()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train/a/1.png", "train/b/2.png", "val/b/3.png");
        (string Link, string Target)[] links =
        [
            (folder["val/a"], "../train/a"),
            (folder["val/b/more"], "../../train/b"),
        ];
        Array.ForEach(links, link => Directory.CreateSymbolicLink(link.Link, link.Target));

        Catalogue catalogue = Of(Folders(SplitUnit.Folders), folder.Path);

        Array.ForEach(links, link => File.Delete(link.Link));
        Assert.Equal(
            ["train/a/1.png", "train/b/2.png", "val/a/1.png", "val/b/3.png", "val/b/more/2.png"],
            catalogue.Images.Select(image => image.Path)
        );
        Assert.Equal(catalogue.Images[0].Sha256, catalogue.Images[2].Sha256);
        Assert.Empty(catalogue.LeftOut);
    }

    [Fact]
    public void Unusual_file_names_are_accepted()
    {
        using var folder = new TemporaryFolder();
        string[] names =
        [
            "a/with space.png",
            "a/\"quoted\" & <b>.png",
            "b/two\nlines.png",
            "b/乳腺.png",
            "b/Ünï,cödé.png",
        ];
        folder.Write(names);

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            Of(Folders(SplitUnit.Image), folder.Path).Images.Select(image => image.Path)
        );
    }

    private static DataSpec Folders(SplitUnit by) =>
        new()
        {
            Source = DataSource.Folders,
            Split = new SplitSpec { By = by, Validation = by == SplitUnit.Folders ? null : 0.5 },
        };

    private static Catalogue Of(DataSpec data, string folder) =>
        Catalogue.Of(data, folder, PictureSources.Of(data, folder));
}
