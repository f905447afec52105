using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using BreakHis.Json;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using Snapshooter;
using Snapshooter.Xunit3;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

public sealed class ProblemTests
{
    private const string VeryBad = """
        nme: very bad
        about: ${USER}
        seeds: [1, 1, x, 9223372036854775808]
        threads: 010
        precision: bfloat_16
        data:
          source: brekhis
          pth: images
          magnifications: [40, 50, 40]
          label:
          split: { by: patient, validation: 20%, folds: 1, sed: 7 }
        model: { backbone: inception_v4, weights: imagnet }
        stages:
          botleneck: {}
          bottleneck:
            inputSize: 299
            head: { dense: 1024, dropout: 1.0 }
            optimizer: { adam: { lr: 0.001 }, sgd: {} }
            batch_size: "32"
            epochs: 1e400
            keep: [best]
            early_stopping: { monitor: accuracy }
          fine_tune:
            train_from: { layer: 172 }
            batch_norm: batch_statistic
            augmentation: { rotation: .nan, horizontal_flip: yes }
        matrix:
          stages.fine_tune.batchnorm: [inference]
        """;

    [Fact]
    public void All_problems_are_reported_together() =>
        Snapshot.Match(
            string.Join('\n', SpecTexts.Problems(VeryBad)),
            new SnapshotFullName("VeryBadSpec.txt", SharedFolder.InRepository("tests/BreakHis.Tests/Specs/Reading"))
        );

    [Fact]
    public void The_example_of_the_design_has_its_documented_problems() =>
        Assert.StartsWith(
            "x.yaml(23,17): error BH1007: stages.fine_tune.train_from: "
                + "'Mixed_9z' is not a block of inception_v3 (Conv2d_1a_3x3 ... Mixed_7c)",
            Assert.Single(SpecTexts.Problems(SpecTexts.With("Mixed_7b", "Mixed_9z"))).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_problem_is_one_line_regardless_of_what_it_quotes() =>
        Assert.Equal(
            "a\\nb.yaml(1,2): error BH1001: 'x\\r\\n\\ty\\u001b[31m\\u202e'",
            new Problem("BH1001", "'x\r\n\ty\u001b[31m\u202e'", "a\nb.yaml", 1, 2).ToString()
        );

    [Fact]
    public void A_problem_of_a_complete_file_has_no_position() =>
        Assert.Equal(
            "no.yaml : error BH1001: file not found",
            Assert.Single(SpecReader.Read("no.yaml", [], null).Problems).ToString()
        );

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    public void The_culture_affects_neither_reading_nor_messages(string culture)
    {
        (string bad, string good) = (string.Join('\n', SpecTexts.Problems(VeryBad)), Hashes());
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(bad, string.Join('\n', SpecTexts.Problems(VeryBad)));
            Assert.Equal(good, Hashes());
            Assert.Equal("-1.5", CanonicalJson.From(-1.5).ToString());
            Assert.Equal("-1", CanonicalJson.From(-1).ToString());
            Assert.Equal([-1L, 0L], SeedList.Parse("-1..0").Seeds);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_code_has_a_section_in_the_documentation()
    {
        var codes = typeof(ProblemCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!)
            .ToList();
        string[] chapters = File.ReadAllText(SharedFolder.InRepository("docs/errors.md")).Split("\n## ")[1..];

        Assert.Equal(
            string.Join(' ', codes.Order(StringComparer.Ordinal)),
            string.Join(' ', chapters.Select(c => c.Split('\n')[0]))
        );
        Assert.All(
            chapters,
            c =>
                Assert.Matches(
                    new Regex(@"\*\*Cause\.\*\* .+\n\*\*Fix\.\*\* .+", RegexOptions.None, TimeSpan.FromSeconds(1)),
                    c
                )
        );
    }

    private static string Hashes() =>
        string.Join('\n', SpecTexts.File(SpecTexts.Good).Variants.Select(v => CanonicalForm.HashOf(v.Spec)));
}
