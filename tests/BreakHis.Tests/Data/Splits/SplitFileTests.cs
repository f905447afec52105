using BreakHis.Data;
using BreakHis.Data.Splits;
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
        Assert.Equal([Side.Train, Side.Test], file.Sides(Images, 1));
        Assert.Equal([Side.Test, Side.Train], file.Sides(Images, 2));
        Assert.Equal(
            "folds.txt: has folds 1, 2; choose one with data.split.fold",
            Wrong(() => file.Sides(Images, null))
        );
        Assert.Equal("folds.txt: has folds 1, 2", Wrong(() => file.Sides(Images, 3)));
    }

    [Fact]
    public void Names_have_as_many_folders_as_distinguish_them() =>
        Assert.Equal(
            ["1.png", "a/x/2.png", "b/x/2.png", "y/2.png", "3.png"],
            SplitFile.Names(["a/x/1.png", "a/x/2.png", "b/x/2.png", "b/y/2.png", "3.png"])
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
                    .. SplitFile
                        .Names(paths)
                        .Select(
                            (name, i) => new SplitLine(i, name, null, images[i].Item2 ? Side.Validation : Side.Train)
                        ),
                ];
                var file = SplitFile.Parse(SplitFile.Text(lines), "split.csv");
                IEnumerable<Side> sides = images.Select(image => image.Item2 ? Side.Validation : Side.Train);
                return file.Sides(paths, null).SequenceEqual(sides)
                    && file.Sides([.. paths.Select(path => "copy/" + path)], null).SequenceEqual(sides);
            });

    [Fact]
    public void Sides_have_several_names()
    {
        Assert.Equal(
            [Side.Train, Side.Validation, Side.Test],
            SplitFile
                .Parse("side,file\ntrain,a.png\nval,b.png\ntest,c.png\n", "s.csv")
                .Sides(["a.png", "b.png", "c.png"], null)
        );
        Assert.Equal(
            [Side.Train, Side.Test],
            SplitFile.Parse("file,side\na.png,Training\nc.png,TEST\n", "s.csv").Sides(["a.png", "c.png"], null)
        );
    }

    [Fact]
    public void Names_match_the_ends_of_paths()
    {
        var file = SplitFile.Parse("file,side\nx/1.png,train\ny/1.png,test\n", "s.csv");

        Assert.Equal([Side.Test, Side.Train], file.Sides(["a/y/1.png", "x/1.png"], null));
        Assert.Equal(
            "s.csv: has no side for 1 of 2 images, such as xx/1.png",
            Wrong(() => file.Sides(["xx/1.png", "x/1.png"], null))
        );
    }

    [Theory]
    [InlineData(
        "",
        "s.csv(1): expected a header with the columns file and side (and optionally fold), or lines of file|magnification|fold|train-or-test"
    )]
    [InlineData(
        "a.png,train\n",
        "s.csv(1): expected a header with the columns file and side (and optionally fold), or lines of file|magnification|fold|train-or-test"
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
    [InlineData("a.png|40|1\n", "s.csv(1): 3 fields; expected 4")]
    public void Malformed_lines_are_reported_with_their_line_number(string text, string expected) =>
        Assert.Equal(expected, Wrong(() => SplitFile.Parse(text, "s.csv")));

    [Fact]
    public void An_image_on_both_sides_is_an_error() =>
        Assert.Equal(
            "s.csv(3): d/a.png is on two sides, test here and train in line 2",
            Wrong(() => SplitFile.Parse("file,side\na.png,train\nd/a.png,test\n", "s.csv").Sides(["d/a.png"], null))
        );

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
        Assert.Contains(": this is a folder", Wrong(() => SplitFile.Read(folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_file_is_read_back() =>
        (
            from folds in Gen.Bool
            from names in Gen.String[Gen.Char["ab ,\"\n\r'|é/."], 1, 12].Array[1, 20]
            from sides in Gen.Int[0, 2].Array[names.Length]
            select (folds, names, sides)
        ).Sample(s =>
        {
            SplitLine[] lines =
            [
                .. s.names.Select(
                    (name, i) => new SplitLine(0, $"d/{name.Trim()}{i}.png", s.folds ? i % 3 : null, (Side)s.sides[i])
                ),
            ];

            SplitLine[] read =
            [
                .. SplitFile.Parse(SplitFile.Text(lines), "s.csv").Lines.Select(line => line with { Line = 0 }),
            ];

            Assert.Equal(lines, read);
        });

    [Fact]
    public void No_text_makes_the_parser_throw_other_exceptions() =>
        Gen.Select(Gen.Int[0, Official.Length], Gen.Int[0, 20], Gen.String[Gen.Char["a|,\"'\n\r\t 0\0é"], 0, 12])
            .Sample(
                (at, length, inserted) =>
                {
                    string text = Official[..at] + inserted + Official[Math.Min(Official.Length, at + length)..];
                    try
                    {
                        SplitFile.Parse(text, "s.csv").Sides(Images, 1);
                    }
                    catch (DataException e)
                    {
                        Assert.DoesNotContain('\n', e.Message);
                    }
                },
                iter: Fuzzing.Iterations(2000),
                time: Fuzzing.Seconds
            );

    private static string Wrong(Func<object> work) => Assert.Throws<DataException>(work).Message;
}
