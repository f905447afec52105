using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>Keys that hold YAML anchors, and paths that begin with a tilde.</summary>
public sealed class AnchorAndHomeTests
{
    [Fact]
    public void Top_level_keys_that_begin_with_x_hold_anchors()
    {
        string anchored =
            "x-optimizer: &slow { adam: { learning_rate: 0.5 } }\n"
            + SpecTexts.With("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: *slow");

        Assert.Equal(
            CanonicalForm.Of(
                SpecTexts.File(SpecTexts.With("learning_rate: 0.001", "learning_rate: 0.5")).Variants[0].Spec
            ),
            CanonicalForm.Of(SpecTexts.File(anchored).Variants[0].Spec)
        );
    }

    [Theory]
    [InlineData("model: { backbone: inception_v3, weights: imagenet, x-note: 1 }")]
    [InlineData("model: { backbone: inception_v3, weights: imagenet }\nxnote: 1")]
    public void Other_unknown_keys_are_errors(string model) =>
        Assert.Equal(
            ProblemCodes.UnknownKey,
            Assert
                .Single(
                    SpecTexts.Problems(SpecTexts.With("model: { backbone: inception_v3, weights: imagenet }", model))
                )
                .Code
        );

    [Theory]
    [InlineData("weights: { mean: [0, 0, 0] }", "model.preprocessing says how images are preprocessed")]
    [InlineData("weights: { path: w.pth }", "write the path itself (weights: PATH)")]
    [InlineData("<<: { weights: none }", "merge keys are not supported")]
    public void Keys_that_people_know_from_elsewhere_have_a_hint(string member, string hint) =>
        Assert.Contains(
            SpecTexts.Problems(
                SpecTexts.With(
                    "model: { backbone: inception_v3, weights: imagenet }",
                    $"model: {{ backbone: inception_v3, {member} }}"
                )
            ),
            problem =>
                problem.Code == ProblemCodes.UnknownKey && problem.Message.Contains(hint, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("~/images", "/home/ann/images")]
    [InlineData("~/a/${HOME}", "/home/ann/a//home/ann")]
    [InlineData("./~/images", "/specs/~/images")]
    public void A_path_may_begin_with_the_home_folder(string path, string expected)
    {
        SpecFile file = Read(path);

        Assert.Empty(file.Problems);
        Assert.Equal(Path.GetFullPath(expected), file.Variants[0].DataPath);
    }

    [Theory]
    [InlineData("~bob/images")]
    [InlineData("~~/images")]
    public void The_home_folder_of_others_is_an_error(string path) =>
        Assert.Equal(ProblemCodes.BadVariable, Assert.Single(Read(path).Problems).Code);

    [Fact]
    public void An_unset_variable_is_reported_with_the_other_errors() =>
        Assert.Equal(
            [ProblemCodes.BadVariable, ProblemCodes.UnknownKey],
            Read("${NOPE}\n  sourse: folders")
                .Problems.Select(problem => problem.Code)
                .Order(StringComparer.Ordinal)
                .Reverse()
        );

    private static SpecFile Read(string path) =>
        SpecReader.ReadText(
            SpecTexts.With("path: images", $"path: {path}"),
            "/specs/x.yaml",
            [],
            null,
            name => name == "HOME" ? "/home/ann" : null
        );
}
