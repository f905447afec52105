using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Specs;
using BreakHis.Testing;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Data.Splits;

public sealed class SplitFileTests
{
    private const string Official = """
        SOB_B_A-14-22549AB-40-001.png|40|1|train
        SOB_M_DC-14-2523-40-010.png|40|1|test
        SOB_B_A-14-22549AB-40-001.png|40|2|test
        SOB_M_DC-14-2523-40-010.png|40|2|train
        """;

    private static readonly string[] Images =
    [
        "benign/SOB/adenosis/x/40X/SOB_B_A-14-22549AB-40-001.png",
        "malignant/SOB/y/40X/SOB_M_DC-14-2523-40-010.png",
    ];

    [Fact]
    public void An_official_fold_file_defines_the_sides_of_a_fold()
    {
        var file = SplitFile.Parse(Official, "folds.txt");

        Assert.Equal([1, 2], file.Folds);
        Assert.Equal([Side.Train, Side.Test], Sides(file, Images, 1));
        Assert.Equal([Side.Test, Side.Train], Sides(file, Images, 2));
        Assert.Equal(
            "folds.txt: has folds 1, 2; choose one with data.split.fold",
            Wrong(() => Sides(file, Images, null))
        );
        Assert.Equal("folds.txt: has folds 1, 2", Wrong(() => Sides(file, Images, 3)));
    }

    [Fact]
    public void Names_have_as_many_folders_as_distinguish_them() =>
        Assert.Equal(
            ["1.png", "a/x/2.png", "b/x/2.png", "y/2.png", "3.png"],
            SplitFileText.Names(["a/x/1.png", "a/x/2.png", "b/x/2.png", "b/y/2.png", "3.png"])
        );

    /// <summary>Four parts each, so that no path is the end of another.</summary>
    [Fact]
    public void A_file_with_these_names_divides_a_copy_in_another_folder_alike() =>
        Gen.Select(Gen.Char["abc"].Array[4].Select(parts => string.Join('/', parts)), Gen.Bool)
            .Array[1, 20]
            .Select(images => images.DistinctBy(image => image.Item1).ToArray())
            .Sample(images =>
            {
                string[] paths = [.. images.Select(image => image.Item1 + ".png")];
                SplitLine[] lines =
                [
                    .. SplitFileText
                        .Names(paths)
                        .Select(
                            (name, i) => new SplitLine(i, name, null, images[i].Item2 ? Side.Validation : Side.Train)
                        ),
                ];
                var file = SplitFile.Parse(SplitFileText.Of(lines), "split.csv");
                IEnumerable<Side> sides = images.Select(image => image.Item2 ? Side.Validation : Side.Train);
                return Sides(file, paths, null).SequenceEqual(sides)
                    && Sides(file, [.. paths.Select(path => "copy/" + path)], null).SequenceEqual(sides);
            });

    [Fact]
    public void Sides_have_several_names()
    {
        Assert.Equal(
            [Side.Train, Side.Validation, Side.Test],
            Sides(
                SplitFile.Parse("side,file\ntrain,a.png\nval,b.png\ntest,c.png\n", "s.csv"),
                ["a.png", "b.png", "c.png"],
                null
            )
        );
        Assert.Equal(
            [Side.Train, Side.Test],
            Sides(SplitFile.Parse("file,side\na.png,Training\nc.png,TEST\n", "s.csv"), ["a.png", "c.png"], null)
        );
    }

    [Theory]
    [InlineData(
        "fold,mag,grp,filename\n1,100,train,BreaKHis_v1/slides/breast/benign/a.png\n1,200,test,BreaKHis_v1/slides/breast/malignant/b.png\n2,100,test,BreaKHis_v1/slides/breast/benign/a.png\n"
    )]
    [InlineData("image;split\nbenign/a.png;train\nmalignant/b.png;test\n")]
    [InlineData("Path\tset\nC:\\data\\benign\\a.png\tTrain\nC:\\data\\malignant\\b.png\ttest\n")]
    [InlineData("path,set\n\\\\host\\data\\benign\\a.png,train\n\\\\host\\data\\malignant\\b.png,test\n")]
    [InlineData("image_path,subset\n/home/x/pics/benign/a.png,training\n/home/x/pics/malignant/b.png,testing\n")]
    [InlineData("filename,side\n./benign/a.png,train\n./malignant/b.png,test_set\n")]
    [InlineData("Image-Path;Data Split\nbenign/a.png;Train\nmalignant/b.png;test\n")]
    [InlineData("case_id,phase\n14-22549AB,train\n14-2523,test\n14-25,train\n")]
    [InlineData("slide,side\nSOB_B_A_14-22549AB,train\nSOB_M_DC-14-2523,test\n")]
    [InlineData("\"patient\",\"split\"\n\"14-22549AB\",\"train\"\n14-2523,test\n14-25,train\n")]
    [InlineData("file|group\na.png|train\nb.png|test\n")]
    [InlineData("# made by hand\n\n#\nfile,side\na.png,train\nb.png,test\n")]
    [InlineData("file,side,split\na.png,left,train\nb.png,right,test\n")]
    [InlineData("file,split,side\na.png,train,training\nb.png,test,Test\n")]
    [InlineData("image_id,split\na,train\nb,test\n")]
    [InlineData("id,split\nbenign/a,train\nmalignant/b,test\n")]
    [InlineData("Image ID,split\n/x/benign/a,train\n/x/malignant/b,test\n")]
    [InlineData("sep=;\nfname;split\na.png;train\nb.png;test\n")]
    [InlineData("sep=;\r\nfname,split\r\na.png,train\r\nb.png,test\r\n")]
    [InlineData("name,train,test\na.png,1,0\nb.png,0,1\n")]
    [InlineData("file,train,val,test\na.png,True,False,False\nb.png,False,False,True\n")]
    [InlineData(",train,val,test\n0,14-22549AB,,14-2523\n1,14-25,,\n")]
    [InlineData(",train,val,test\n14-22549AB,True,False,False\n14-2523,False,False,True\n")]
    [InlineData("Unnamed: 0,train,test\n0,benign/a.png,malignant/b.png\n")]
    [InlineData("train,val,test\na,,b\n")]
    public void Many_forms_give_the_same_sides(string text)
    {
        CatalogueImage[] images =
        [
            Image("breast/benign/a.png", "14-22549AB"),
            Image("breast/malignant/b.png", "14-2523"),
        ];
        var file = SplitFile.Parse(text, "s.csv");

        Assert.Equal([Side.Train, Side.Test], file.SidesOf(images, file.Folds.Count > 0 ? 1 : null).Sides);
    }

    [Fact]
    public void Of_absolute_paths_only_the_common_folders_may_differ() =>
        Assert.Equal(
            "s.csv: has no side for 1 of 2 images, such as b/2.png; the first line that matches no image is line 3 (x/c/2.png)",
            Wrong(() =>
                Sides(
                    SplitFile.Parse("file,side\n/x/a/1.png,train\n/x/c/2.png,test\n", "s.csv"),
                    ["a/1.png", "b/2.png"],
                    null
                )
            )
        );

    [Fact]
    public void Of_several_lines_the_longest_common_end_counts()
    {
        var file = SplitFile.Parse("file,side\n1.png,train\na/1.png,val\nb/a/1.png,test\n", "s.csv");

        Assert.Equal(
            [Side.Train, Side.Validation, Side.Test],
            Sides(file, ["d/1.png", "c/a/1.png", "c/b/a/1.png"], null)
        );
    }

    [Fact]
    public void A_folder_has_one_list_per_side()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["train.txt"], "a/1.png\nb, c/2.png\n");
        File.WriteAllText(folder["TEST.csv"], "filename;label\nx/3.png;b\n");
        File.WriteAllText(folder["classes.txt"], "a\nb\n");
        Directory.CreateDirectory(folder["more"]);
        var lists = SplitFile.Read(folder.Path);

        Assert.Equal([Side.Train, Side.Train, Side.Test], Sides(lists, ["a/1.png", "b, c/2.png", "3.png"], null));
        Assert.Equal(["classes.txt", "more"], lists.Ignored);
        Assert.Equal(
            $"{folder.Path}: has no side for 1 of 1 images, such as 9.png; the first line that matches no image is {folder["TEST.csv"]} line 2 (x/3.png)",
            Wrong(() => Sides(lists, ["9.png"], null))
        );
        File.WriteAllText(folder["val.txt"], "1.png\na/1.png\n");
        Assert.Equal(
            $"{folder["val.txt"]}(2): a/1.png is on two sides, validation here and train in {folder["train.txt"]} line 1",
            Wrong(() => Sides(SplitFile.Read(folder.Path), ["a/1.png"], null))
        );
    }

    [Fact]
    public void A_folder_without_lists_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["classes.txt"], "a\n");

        Assert.Equal(
            $"{folder.Path}: contains no list of a side, such as train.txt, validation.txt or test.txt",
            Wrong(() => SplitFile.Read(folder.Path))
        );
    }

    [Theory]
    [InlineData("train_list.txt", "test_list.txt")]
    [InlineData("TrainFiles.csv", "test-ids.lst")]
    public void A_list_may_be_called_so(string train, string test)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[train], "1.png\n");
        File.WriteAllText(folder[test], "2.png\n");

        Assert.Equal([Side.Train, Side.Test], Sides(SplitFile.Read(folder.Path), ["1.png", "2.png"], null));
    }

    [Fact]
    public void Folds_without_sides_are_held_out()
    {
        var file = SplitFile.Parse("image_id,label,kfold\na,0,0\nb,1,1\nc,1,2\n", "s.csv");
        string[] images = ["x/a.png", "x/b.png", "y/c.png"];

        Assert.Equal([0, 1, 2], file.Folds);
        Assert.Equal([Side.Validation, Side.Train, Side.Train], Sides(file, images, 0));
        Assert.Equal([Side.Train, Side.Train, Side.Validation], Sides(file, images, 2));
        Assert.Equal(
            "s.csv: has folds 0, 1, 2; choose one with data.split.fold",
            Wrong(() => Sides(file, images, null))
        );
    }

    [Fact]
    public void Lines_that_match_no_image_are_counted()
    {
        using var folder = new TemporaryFolder();
        folder.Write("train/a/1.png", "train/b/2.png", "test/a/3.png");
        File.WriteAllText(
            folder["s.csv"],
            "file,side\n9.png,train\n1.png,train\n2.png,train\n3.png,test\n8.png,test\n"
        );
        var whole = Catalogue.Of(
            new DataSpec
            {
                Source = DataSource.Folders,
                Split = new SplitSpec { By = SplitUnit.File },
            },
            folder.Path,
            _ => throw new InvalidOperationException(),
            folder["s.csv"],
            cancellation: TestContext.Current.CancellationToken
        );

        LeftOut left = Assert.Single(whole.LeftOut);
        Assert.Equal("2 lines of the split file that match no image: line 2 (9.png), line 6 (8.png)", left.Text);
        Assert.False(left.IsUsual);
        var file = SplitFile.Read(folder["s.csv"]);
        Assert.True(
            Assert.Single((whole with { LeftOut = [] }).DividedBy(file, null, expectsAll: false).LeftOut).IsUsual
        );
    }

    [Fact]
    public void A_list_of_one_absolute_folder_does_not_decide_another_class() =>
        Assert.Equal(
            "s.csv: has no side for 1 of 2 images, such as dog/1.png",
            Wrong(() =>
                Sides(
                    SplitFile.Parse("file,side\n/home/u/cat/1.png,train\n/home/u/cat/2.png,test\n", "s.csv"),
                    ["cat/1.png", "dog/1.png"],
                    null
                )
            )[..55]
        );

    [Fact]
    public void Unicode_forms_do_not_matter() =>
        Assert.Equal(
            [Side.Train, Side.Test],
            Sides(
                SplitFile.Parse("file,side\nc\u00e4t/1.png,train\nca\u0308t/2.png,test\n", "s.csv"),
                ["ca\u0308t/1.png", "c\u00e4t/2.png"],
                null
            )
        );

    [Fact]
    public void A_fold_is_demanded_before_images_are_divided()
    {
        var file = SplitFile.Parse(Official, "s.txt");

        file.DemandFold(2);
        Assert.Contains(
            "s.txt: has folds 1, 2",
            Assert.Throws<DataException>(() => file.DemandFold(7)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Patients_in_another_Unicode_form_are_found()
    {
        var file = SplitFile.Parse("patient,side\nM\u00fcller,train\nMu\u0308ller-2,test\n", "s.csv");

        Assert.Equal(
            [Side.Train, Side.Test],
            file.SidesOf([Image("1.png", "Mu\u0308ller"), Image("2.png", "M\u00fcller-2")], null).Sides
        );
    }

    [Fact]
    public void A_list_of_patients_needs_the_patients_of_the_images()
    {
        var file = SplitFile.Parse("patient,side\np1,train\n", "s.csv");

        DataException e = Assert.Throws<DataException>(() => file.SidesOf([Image("1.png", "")], null));
        Assert.Contains("data.patient", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_empty_lines_are_ignored_and_late_quotes_are_removed() =>
        Assert.Equal(
            [Side.Train, Side.Test],
            Sides(
                SplitFile.Parse("file,side\n# a comment\n \n\"1.png\", \"train\"\n,\n2.png,test\n", "s.csv"),
                ["1.png", "2.png"],
                null
            )
        );

    [Fact]
    public void A_pipe_is_an_error()
    {
        using var folder = new TemporaryFolder();
        NamedPipe.Make(folder["s.csv"]);

        Assert.EndsWith(
            "s.csv: not a regular file but a pipe, socket or device",
            Wrong(() => SplitFile.Read(folder["s.csv"])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_match_the_ends_of_paths()
    {
        var file = SplitFile.Parse("file,side\nx/1.png,train\ny/1.png,test\n", "s.csv");

        Assert.Equal([Side.Test, Side.Train], Sides(file, ["a/y/1.png", "x/1.png"], null));
        Assert.Equal(
            "s.csv: has no side for 1 of 2 images, such as xx/1.png; the first line that matches no image is line 3 (y/1.png)",
            Wrong(() => Sides(file, ["xx/1.png", "x/1.png"], null))
        );
    }

    [Theory]
    [InlineData(
        "",
        "s.csv(1): '': expected a header with a column for images (such as file, path, image) or patients (such as patient, slide), and one for sides (such as side, split, set) or fold, or both; or with one column per side (train, val, test); or lines of file|magnification|fold|train-or-test"
    )]
    [InlineData(
        "a.png,train\n",
        "s.csv(1): 'a.png,train': expected a header with a column for images (such as file, path, image) or patients (such as patient, slide), and one for sides (such as side, split, set) or fold, or both; or with one column per side (train, val, test); or lines of file|magnification|fold|train-or-test"
    )]
    [InlineData("file,side\n", "s.csv(1): lists no images")]
    [InlineData("file,side\na.png\n", "s.csv(2): 1 field; expected 2")]
    [InlineData("file,side\na.png,left\n", "s.csv(2): 'left' is not a side (train, validation or test)")]
    [InlineData("file,side\n,train\n", "s.csv(2): the file name is empty")]
    [InlineData("file,side\n\"a.png,train\n", "s.csv(2): unclosed quote, or text after a closing quote")]
    [InlineData(
        "file,side\n\"a\n.png\",train\n\"b.png\"c,train\n",
        "s.csv(4): unclosed quote, or text after a closing quote"
    )]
    [InlineData("file,fold,side\na.png,one,train\n", "s.csv(2): 'one' is not a fold number")]
    [InlineData(
        "file,side,split\na.png,train,train\nb.png,,test\n",
        "s.csv(1): several columns give sides, and they differ (, test); remove or rename one"
    )]
    [InlineData(
        "file,side,split\na.png,train,train\nb.png,train,test\n",
        "s.csv(1): several columns give sides, and they differ (train, test); remove or rename one"
    )]
    [InlineData(
        "file,side,side\na.png,train,train\nb.png,train,test\n",
        "s.csv(1): several columns give sides, and they differ (train, test); remove or rename one"
    )]
    [InlineData(
        "file,side,File\na.png,train,b.png\n",
        "s.csv(1): several columns are named 'file'; remove or rename one"
    )]
    [InlineData(
        "path,file,side\na/a.png,a.png,train\na/b.png,c.png,train\n",
        "s.csv(1): several columns name images, and they differ (a/b.png, c.png); remove or rename one"
    )]
    [InlineData(
        "file,fold,fold,side\na.png,1,2,train\n",
        "s.csv(1): several columns are named 'fold'; remove or rename one"
    )]
    [InlineData("file,train,test\na.png,1,1\n", "s.csv(2): marks several sides (train, test)")]
    [InlineData("file,train,test\na.png,1,0\nb.png,0,0\n", "s.csv(3): marks no side")]
    [InlineData(
        "file,fold,purpose\na.png,1,train\nb.png,1,test\n",
        "s.csv(1): column 3 contains sides; name it 'side'"
    )]
    [InlineData("file,split\na.png,0\n", "s.csv(2): '0' is not a side (train, validation or test)")]
    [InlineData("a.png|40|1\n", "s.csv(1): 3 fields; expected 4")]
    public void Malformed_lines_are_reported_with_their_line_number(string text, string expected) =>
        Assert.Equal(expected, Wrong(() => SplitFile.Parse(text, "s.csv")));

    [Fact]
    public void Long_lines_and_names_are_reported_in_short()
    {
        Assert.Equal(
            "s.csv(2): more than 1000 fields",
            Wrong(() => SplitFile.Parse($"file,side\n{new string(',', 1000)}\n", "s.csv"))
        );
        Assert.Equal(
            "s.csv(1): its first line has more than 131072 characters",
            Wrong(() => SplitFile.Parse($"file,side{new string(',', 1 << 17)}\n", "s.csv"))
        );
        Assert.Equal(
            "s.csv(2): the file name has more than 4096 characters",
            Wrong(() => SplitFile.Parse($"file,side\n{new string('a', 4097)},train\n", "s.csv"))
        );
        string name = new('a', 4096);
        Assert.Equal(
            $"s.csv: has no side for 1 of 1 images, such as b; the first line that matches no image is line 2 ({name[..200]}...)",
            Wrong(() => Sides(SplitFile.Parse($"file,side\n{name},train\n", "s.csv"), ["b"], null))
        );
    }

    [Fact]
    public void Many_folds_are_reported_in_short()
    {
        string lines = string.Concat(Enumerable.Range(1, 1000).Select(fold => $"a.png,{fold},train\n"));
        var file = SplitFile.Parse("file,fold,side\n" + lines, "s.csv");

        Assert.EndsWith(", 19, 20 and 980 more", Wrong(() => Sides(file, ["a.png"], 1001)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_lines_are_read()
    {
        string lines = string.Concat(Enumerable.Repeat("a,train\n", 1_000_000));

        Assert.Equal(1_000_000, SplitFile.Parse("file,side\n" + lines, "s.csv").Lines.Count);
    }

    [Fact]
    public void More_than_two_million_lines_are_an_error() =>
        Assert.Equal(
            "s.csv: lists more than 2000000 images",
            Wrong(() => SplitFile.ParseList(string.Concat(Enumerable.Repeat("a\n", 2_000_001)), "s.csv", Side.Train))
        );

    [Fact]
    public void A_file_that_is_too_large_is_an_error()
    {
        using var folder = new TemporaryFolder();
        SparseFile.Make(folder["s.csv"], (128 << 20) + 1);

        Assert.EndsWith(
            "s.csv: larger than 128 MiB",
            Wrong(() => SplitFile.Read(folder["s.csv"])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_image_on_both_sides_is_an_error() =>
        Assert.Equal(
            "s.csv(3): d/a.png is on two sides, test here and train in line 2",
            Wrong(() => Sides(SplitFile.Parse("file,side\nd/a.png,train\nd/a.png,test\n", "s.csv"), ["d/a.png"], null))
        );

    [Fact]
    public void A_name_of_several_images_is_an_error()
    {
        string[] images = ["benign/1.png", "malignant/1.png"];

        Assert.Equal(
            "s.csv(2): 1.png names several images, such as benign/1.png and malignant/1.png; write their folders and extensions too",
            Wrong(() => Sides(SplitFile.Parse("file,side\n1.png,train\n", "s.csv"), images, null))
        );
        Assert.Equal(
            [Side.Train, Side.Test],
            Sides(SplitFile.Parse("file,side\n1.png,train\nmalignant/1.png,test\n", "s.csv"), images, null)
        );
    }

    [Fact]
    public void A_name_without_an_extension_names_one_image()
    {
        string[] images = ["a/1.png", "a/1.jpg"];

        Assert.Equal(
            "s.csv(2): a/1 names several images, such as a/1.png and a/1.jpg; write their folders and extensions too",
            Wrong(() => Sides(SplitFile.Parse("id,side\na/1,train\n", "s.csv"), images, null))
        );
        Assert.Equal(
            [Side.Train, Side.Test],
            Sides(SplitFile.Parse("file,side\na/1,test\na/1.png,train\n", "s.csv"), images, null)
        );
    }

    [Fact]
    public void A_file_that_is_not_text_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["s.csv"], [.. "file,side\ncaf"u8, 0xE9, .. ".png,train\n"u8]);

        Assert.Contains("not UTF-8 text", Wrong(() => SplitFile.Read(folder["s.csv"])), StringComparison.Ordinal);
        Assert.Contains(
            "missing.csv: file not found",
            Wrong(() => SplitFile.Read(folder["missing.csv"])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_written_file_is_read_back() =>
        (
            from folds in Gen.Bool
            from names in Gen.String[Gen.Char["ab ,\"\n\r\t'|é#/.=+-@"], 1, 12].Array[1, 20]
            from sides in Gen.Int[0, 2].Array[names.Length]
            select (folds, names, sides)
        ).Sample(s =>
        {
            SplitLine[] lines =
            [
                .. s.names.Select(
                    (name, i) =>
                        new SplitLine(0, $"{name.TrimStart('/', '.')}{i}.png", s.folds ? i % 3 : null, (Side)s.sides[i])
                ),
            ];

            SplitLine[] read =
            [
                .. SplitFile.Parse(SplitFileText.Of(lines), "s.csv").Lines.Select(line => line with { Line = 0 }),
            ];

            Assert.Equal(lines, read);
        });

    [Theory]
    [InlineData("=1+1.png", "./=1+1.png")]
    [InlineData("+a.png", "./+a.png")]
    [InlineData("-a.png", "./-a.png")]
    [InlineData("@a.png", "./@a.png")]
    [InlineData("a=b.png", "a=b.png")]
    public void No_name_is_a_formula(string name, string written) =>
        Assert.Equal($"file,side\n{written},train\n", SplitFileText.Of([new SplitLine(0, name, null, Side.Train)]));

    [Fact]
    public void No_text_makes_the_parser_throw_other_exceptions() =>
        Gen.Select(Gen.Int[0, Official.Length], Gen.Int[0, 20], Gen.String[Gen.Char["a|,\"'\n\r\t 0\0é"], 0, 12])
            .Sample(
                (at, length, inserted) =>
                {
                    string text = Official[..at] + inserted + Official[Math.Min(Official.Length, at + length)..];
                    try
                    {
                        Sides(SplitFile.Parse(text, "s.csv"), Images, 1);
                    }
                    catch (DataException e)
                    {
                        Assert.DoesNotContain('\n', e.Message);
                    }
                },
                iter: Fuzzing.Iterations(2000),
                time: Fuzzing.Seconds
            );

    private static IReadOnlyList<Side> Sides(SplitFile file, IReadOnlyList<string> paths, int? fold) =>
        file.SidesOf([.. paths.Select(path => Image(path))], fold).Sides;

    private static CatalogueImage Image(string path, string patient = "") => new(path, "", "", null, patient, 0, null);

    private static string Wrong(Func<object> work) => Assert.Throws<DataException>(work).Message;
}
