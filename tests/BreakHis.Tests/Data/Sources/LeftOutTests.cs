using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

/// <summary>Nothing that looks like an image is left out silently.</summary>
public sealed class LeftOutTests
{
    private static readonly SplitSpec ByImage = new() { By = SplitUnit.Image, Validation = 0.5 };

    [Fact]
    public void BreaKHis_names_may_end_in_any_format()
    {
        using var folder = new TemporaryFolder();
        string[] names =
        [
            "SOB_B_A-14-22549AB-40-001.PNG",
            "SOB_B_A-14-22549AB-40-002.jpg",
            "SOB_B_A-14-22549AB-40-003.Jpeg",
            "SOB_M_DC-14-2523-40-001.webp",
            "SOB_M_DC-14-2523-40-002.bmp",
            "SOB_M_DC-14-2523-40-003.tif",
            "SOB_M_DC-14-2523-40-004.TIFF",
        ];
        folder.Write(names);

        Catalogue catalogue = Of(DataSource.Breakhis, folder);

        Assert.Equal(names.Order(StringComparer.Ordinal), catalogue.Images.Select(image => image.Path));
        Assert.Empty(catalogue.LeftOut);
    }

    [Fact]
    public void Everything_that_BreaKHis_does_not_use_is_named_by_kind()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "a/SOB_B_A-14-22549AB-40-001.png",
            "a/SOB_B_A-14-22549AB-40-002.svs",
            "a/SOB_B_A-14-22549AB-40-003.SVS",
            "a/SOB_B_A-14-22549AB-40-004.gif",
            "a/SOB_B_A-14-22549AB-40-001 (1).png",
            "a/@eaDir/SOB_B_A-14-22549AB-40-001.png/THUMB.jpg",
            "a/.ipynb_checkpoints/SOB_B_A-14-22549AB-40-001.png",
            "a/._SOB_B_A-14-22549AB-40-001.png",
            "a/notes.txt",
            "scan.jpg"
        );
        Directory.CreateDirectory(folder["b/empty"]);

        Assert.Equal(
            [
                "2 images without a BreaKHis name: a/SOB_B_A-14-22549AB-40-001 (1).png, scan.jpg",
                "1 GIF file, a format that is not read: a/SOB_B_A-14-22549AB-40-004.gif",
                "2 SVS files, a format that is not read: a/SOB_B_A-14-22549AB-40-002.svs, a/SOB_B_A-14-22549AB-40-003.SVS",
                "1 empty folder: b/empty",
                "3 hidden images and previews: a/._SOB_B_A-14-22549AB-40-001.png, a/.ipynb_checkpoints/SOB_B_A-14-22549AB-40-001.png, a/@eaDir/SOB_B_A-14-22549AB-40-001.png/THUMB.jpg",
            ],
            Of(DataSource.Breakhis, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Fact]
    public void Only_hidden_images_and_previews_are_usual()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png", "b/3.svs", "b/.4.png", "5.png");

        Assert.Equal(
            [
                (false, "1 image outside the class folders: 5.png"),
                (false, "1 SVS file, a format that is not read: b/3.svs"),
                (true, "1 hidden image or preview: b/.4.png"),
            ],
            Of(DataSource.Folders, folder).LeftOut.Select(left => (left.IsUsual, left.Text))
        );
    }

    [Theory]
    [InlineData(DataSource.Folders, "a/1.png", "b/2.svs", "class b .* SVS .* b/2.svs")]
    [InlineData(DataSource.Folders, "a/1.png", "b/2.zip", "class b .* archives, such as b/2.zip; unpack")]
    [InlineData(DataSource.Folders, "Train/a/1.png", "Train/b/2.gif", "class b .* GIF .* Train/b/2.gif")]
    [InlineData(DataSource.Folders, "a/1.png", "b/.2.png", "class b has only hidden images and previews, .* b/.2.png")]
    [InlineData(DataSource.Folders, "a/1.png", "b/@eaDir/2.png/THUMB.jpg", "class b has only hidden .* b/@eaDir/2.png")]
    [InlineData(DataSource.Folders, "Train/a/1.png", "Train/b/thumbs/2.png", "class b has only hidden")]
    [InlineData(DataSource.Folders, "a/1.png", "b/2.npy", "class b has no image, but other files, such as b/2.npy")]
    [InlineData(DataSource.Folders, "Train/a/1.png", "Test/b/2.npy", "class b has no image, .* Test/b/2.npy")]
    [InlineData(DataSource.Folders, "a/1.png", "b/2.h5", "class b has no image, .* b/2.h5")]
    [InlineData(
        DataSource.Breakhis,
        "SOB_B_A-14-22549AB-40-001.png",
        ".d/SOB_M_DC-14-2523-40-001.png",
        "class ductal_carcinoma has only hidden images"
    )]
    [InlineData(
        DataSource.Breakhis,
        "SOB_B_A-14-22549AB-40-001.png",
        "SOB_M_DC-14-2523-40-001.gif",
        "class ductal_carcinoma .* GIF .* SOB_M_DC-14-2523-40-001.gif"
    )]
    public void A_class_that_loses_all_of_its_images_is_an_error(
        DataSource source,
        string used,
        string lost,
        string message
    )
    {
        using var folder = new TemporaryFolder();
        folder.Write(used, lost);

        Assert.Matches(message, Assert.Throws<DataException>(() => Of(source, folder)).Message);
    }

    [Fact]
    public void Rare_extensions_of_read_formats_are_read()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["a/1.jfif", "a/2.JPE", "a/3.pjpeg", "a/6.tif", "a/7.TIFF", "a/8.btf", "b/4.dib", "b/5.pjp"];
        folder.Write(names);

        Catalogue catalogue = Of(DataSource.Folders, folder);

        Assert.Equal(names, catalogue.Images.Select(image => image.Path));
        Assert.Empty(catalogue.LeftOut);
    }

    [Theory]
    [InlineData("89504E470D0A1A0A0000000D", true)]
    [InlineData("FFD8FFE000104A4649460001", true)]
    [InlineData("49492A000800000000000000", true)]
    [InlineData("4D4D002A0000000800000000", true)]
    [InlineData("4D4D002B0008000000000000", true)]
    [InlineData("474946383961010001000000", true)]
    [InlineData("424D36000000000000003600", true)]
    [InlineData("524946460000000057454250", true)]
    [InlineData("524946460000000057415645", false)]
    [InlineData("424D77206361722066616374", false)]
    [InlineData("50617469656E742C61676500", false)]
    [InlineData("89504E47", false)]
    [InlineData("0000000C6A5020200D0A870A", true)]
    [InlineData("FF4FFF51002F000000000000", true)]
    [InlineData("0000000C4A584C200D0A870A", true)]
    [InlineData("384250530001000000000000", true)]
    [InlineData("000000186674797068656963", true)]
    [InlineData("0000001C667479706D696631", true)]
    [InlineData("0000001C6674797061766966", true)]
    [InlineData("000000206674797069736F6D", false)]
    public void Images_without_an_extension_are_recognised_by_their_first_bytes(string begin, bool isImage)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        File.WriteAllBytes(folder["a/file"], Convert.FromHexString(begin));

        Assert.Equal(
            isImage ? ["1 image without an image extension: a/file"] : [],
            Of(DataSource.Folders, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Theory]
    [InlineData("DICM", true)]
    [InlineData("DICT", false)]
    public void DICOM_is_recognised_without_an_extension(string mark, bool isImage)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        File.WriteAllText(folder["a/IM-0001"], new string('\0', 128) + mark + "more");

        Assert.Equal(
            isImage ? ["1 image without an image extension: a/IM-0001"] : [],
            Of(DataSource.Folders, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Theory]
    [InlineData("NIfTI", ".nii", ".nii.gz", ".NII.GZ")]
    [InlineData("MetaImage", ".mha", ".mhd")]
    [InlineData("JPEG 2000", ".jpf", ".jpc", ".j2c")]
    [InlineData("raw photo", ".cr2", ".cr3", ".nef", ".arw", ".dng")]
    [InlineData("SGI", ".sgi", ".rgb")]
    [InlineData("SVSLIDE", ".svslide")]
    [InlineData("archive", ".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".7z", ".rar", ".png.gz", ".svs.bz2")]
    [InlineData(null, ".npy", ".h5", ".csv", ".csv.gz", ".txt", ".gz", ".json.zst")]
    public void Formats_that_are_not_read_are_known_by_their_extensions(string? format, params string[] extensions) =>
        Assert.All(extensions, extension => Assert.Equal(format, ImageFormats.OtherOf("a/x" + extension)));

    [Fact]
    public void Archives_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/more.zip", "a/3.PNG.gz", "a/4.gif", "b/2.png", "b/2.csv.gz", "all.tar.gz");

        Assert.Equal(
            [
                (false, "1 GIF file, a format that is not read: a/4.gif"),
                (false, "3 archives, which may contain images: a/3.PNG.gz, a/more.zip, all.tar.gz"),
            ],
            Of(DataSource.Folders, folder).LeftOut.Select(left => (left.IsUsual, left.Text))
        );
    }

    [Fact]
    public void Folders_of_thumbnails_and_recycle_bins_are_no_classes()
    {
        using var folder = new TemporaryFolder();
        string[] previews =
        [
            "#recycle/a/1.png",
            "@Recycle/1.png",
            "@__thumb/1.jpg",
            "Thumbs/1.jpg",
            "a/.thumbnails/1.png",
            "a/@__thumb/default1.png",
            "a/_thumbs/1.png",
            "b/thumbnails/1.png",
        ];
        folder.Write([.. previews, "a/1.png", "b/2.png"]);

        Catalogue catalogue = Of(DataSource.Folders, folder);

        Assert.Equal(["a/1.png", "b/2.png"], catalogue.Images.Select(image => image.Path));
        Assert.Equal(previews, Assert.Single(catalogue.LeftOut).Paths);
    }

    [Theory]
    [InlineData("A", "A ")]
    [InlineData("A", " a")]
    [InlineData("Stra\u00dfe", "STRASSE")]
    [InlineData("\u03c3\u03bf\u03c2", "\u03a3\u039f\u03a3")]
    [InlineData("\ufb01ne", "Fine")]
    public void A_class_spelled_differently_on_two_sides_is_an_error(string one, string other)
    {
        using var folder = new TemporaryFolder();
        folder.Write($"train/{one}/1.png", "train/b/2.png", $"val/{other}/3.png", "val/b/4.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder));

        Assert.Contains(
            $"the classes of train/{one}/1.png and val/{other}/3.png differ only in capitals, blanks or Unicode form",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_class_of_images_without_an_extension_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png", "c/x");
        File.WriteAllBytes(folder["c/x"], Convert.FromHexString("FFD8FFE000104A4649460001"));

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder));
        Assert.Matches("class c .* such as c/x; rename them", e.Message);
    }

    [Fact]
    public void A_class_of_excluded_images_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png", "c/3.png", "c/4.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder, "c/3.png", "c/4.png"));
        Assert.Equal(
            (
                "data.exclude",
                "all images of class c are excluded; to leave the class out, move its folder out of data.path"
            ),
            (e.Setting, e.Message)
        );
    }

    [Fact]
    public void Folders_of_texts_and_tables_beside_the_classes_are_no_lost_classes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png", "annotations/1.json", "docs/readme.TXT", "labels/all.csv");

        Assert.Equal(
            ["3 class folders without images: annotations, docs, labels"],
            Of(DataSource.Folders, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Fact]
    public void Without_any_class_folder_no_class_is_lost()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.txt", "b/2.csv", ".c/3.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder));
        Assert.Contains("contains no image in a class folder", e.Message, StringComparison.Ordinal);
    }

    /// <summary>A class may be missing on one side.</summary>
    [Fact]
    public void Class_folders_without_images_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "train/a/1.png",
            "train/b/2.png",
            "train/c/.DS_Store",
            "train/a/x.txt",
            "val/a/3.png",
            "val/b/x.npy",
            "val/.d/x",
            "docs/x.txt",
            "readme"
        );

        Assert.Equal(
            ["3 class folders without images: docs, train/c, val/b"],
            Of(DataSource.Folders, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Fact]
    public void Sides_may_have_a_year()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train2017/1917/1.png", "val_2017/1917/2.png", "Test-1999/1917/3.png");

        Assert.Equal(
            [("1917", Side.Test), ("1917", Side.Train), ("1917", Side.Validation)],
            Of(DataSource.Folders, folder).Images.Select(image => (image.Subtype, image.GivenSide!.Value))
        );
    }

    [Fact]
    public void Other_numbers_after_a_side_make_a_class()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train2/1.png", "train2117/2.png");

        Assert.Equal(["train2", "train2117"], Of(DataSource.Folders, folder).Images.Select(image => image.Subtype));
    }

    [Fact]
    public void A_folder_for_a_side_may_contain_one_of_the_same_name()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "training_set/training_set/cats/1.png",
            "training_set/train/dogs/2.png",
            "test_set/test_set/cats/3.png"
        );

        Assert.Equal(
            [("cats", Side.Test), ("dogs", Side.Train), ("cats", Side.Train)],
            Of(DataSource.Folders, folder).Images.Select(image => (image.Subtype, image.GivenSide!.Value))
        );
    }

    [Fact]
    public void A_folder_for_a_side_inside_one_for_another_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train/a/1.png", "train/test/a/2.png", "val/a/3.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder));
        Assert.Contains("train/test/a/2.png is in a folder for one side", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Excluded_images_are_left_out_by_the_ends_of_their_paths()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/2.png", "a/4.png", "b/1.png", "b/12.png", "b/3.svs");

        Catalogue catalogue = Of(DataSource.Folders, folder, "a/1.png", "2.png", "3.svs");

        Assert.Equal(["a/4.png", "b/1.png", "b/12.png"], catalogue.Images.Select(image => image.Path));
        Assert.Equal(
            [(true, "3 excluded images: a/1.png, a/2.png, b/3.svs")],
            catalogue.LeftOut.Select(left => (left.IsUsual, left.Text))
        );
    }

    [Theory]
    [InlineData("b/M\u00fcller/1.png", "Mu\u0308ller/1.png")]
    [InlineData("b/Mu\u0308ller/1.png", "M\u00fcller/1.png")]
    public void An_exclusion_may_be_in_another_Unicode_form(string image, string end)
    {
        using var folder = new TemporaryFolder();
        folder.Write(image, "b/2.png");

        Assert.Equal(["b/2.png"], Of(DataSource.Folders, folder, end).Images.Select(left => left.Path));
    }

    [Theory]
    [InlineData("./a/1.png")]
    [InlineData("././/a/1.png")]
    public void An_exclusion_may_begin_at_the_folder(string end)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/2.png", "b/1.png");

        Assert.Equal(["a/2.png", "b/1.png"], Of(DataSource.Folders, folder, end).Images.Select(image => image.Path));
    }

    [Theory]
    [InlineData("/x/a/1.png", "'/x/a/1.png' is not an image below data.path; write paths relative to it")]
    [InlineData("3.png", "'3.png' is not an image below data.path")]
    [InlineData("2.PNG", "'2.PNG' is not an image below data.path")]
    [InlineData("1.png", "'1.png' is the end of several paths, such as a/1.png and b/1.png; write more of the path")]
    public void An_exclusion_must_identify_one_image(string end, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/2.png", "b/1.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder, end));

        Assert.Equal(("data.exclude", message), (e.Setting, e.Message));
    }

    [Fact]
    public void All_exclusions_that_are_no_images_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/2.png", "b/1.png");

        DataException e = Assert.Throws<DataException>(() =>
            Of(DataSource.Folders, folder, "3.png", "a/1.png", "x/y.png", "1.png")
        );

        Assert.Equal("'3.png', 'x/y.png' are not images below data.path", e.Message);
    }

    [Fact]
    public void Two_exclusions_cannot_be_ends_of_the_same_path()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "a/2.png", "b/1.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Folders, folder, "a/2.png", "2.png"));

        Assert.Equal(
            ("data.exclude", "a/2.png is excluded twice, by different ends of its path"),
            (e.Setting, e.Message)
        );
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(null, "^([^/]+)")]
    [InlineData(null, "^([a-zA-Z\u00fc]+)/")]
    [InlineData(null, "^(Mu\u0308ller)/")]
    public void A_patient_in_two_Unicode_forms_is_one_patient(int? level, string? pattern)
    {
        var patients = PatientPath.Of(new PatientRule(level, pattern));

        Assert.Equal(patients.In("M\u00fcller/1.png"), patients.In("Mu\u0308ller/2.png"));
    }

    [Fact]
    public void A_subtype_without_a_readable_name_is_an_error()
    {
        using var folder = new TemporaryFolder();
        folder.Write("adenosis/SOB_B_A-14-22549AB-40-001.png", "ductal_carcinoma/SOB_M_DC-14-2523-40-001_aug1.png");

        DataException e = Assert.Throws<DataException>(() => Of(DataSource.Breakhis, folder));

        Assert.Contains(
            "class ductal_carcinoma has only images without a BreaKHis name, such as ductal_carcinoma/SOB_M_DC",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Images_that_cannot_be_read_are_kept_to_be_named_together()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        NamedPipe.Make(folder["b/3.png"]);
        File.CreateSymbolicLink(folder["b/4.png"], folder["none.png"]);

        Catalogue catalogue = Of(DataSource.Folders, folder);

        Assert.Equal(
            ["b/3.png", "b/4.png"],
            catalogue.Images.Where(image => image.IsUnread).Select(image => image.Path)
        );
        Assert.Equal(
            ["not a regular file but a pipe, socket or device", "file not found"],
            ((string[])["b/3.png", "b/4.png"]).Select(path =>
                PictureInspection.At(folder[""], path).Wrong!.Split(": ")[^1]
            )
        );
    }

    /// <summary>The folder of a class may be on a drive that is not mounted.</summary>
    [Fact]
    public void Folders_that_are_links_to_nothing_are_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        File.CreateSymbolicLink(folder["c"], folder["none"]);
        File.CreateSymbolicLink(folder["b/more"], folder["none"]);

        Assert.Equal(
            ["2 links to nothing: b/more, c"],
            Of(DataSource.Folders, folder).LeftOut.Select(left => left.Text)
        );
    }

    [Fact]
    public void A_link_to_a_regular_file_is_read()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        File.CreateSymbolicLink(folder["b/3.png"], folder["a/1.png"]);

        Assert.Equal(["a/1.png", "b/2.png", "b/3.png"], Of(DataSource.Folders, folder).Images.Select(i => i.Path));
    }

    private static Catalogue Of(DataSource source, TemporaryFolder folder, params string[] exclude)
    {
        var data = new DataSpec
        {
            Source = source,
            Exclude = exclude,
            Split = ByImage,
        };
        return Catalogue.Of(data, folder.Path, PictureSources.Of(data, folder.Path));
    }
}
