using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>The stages and heads that a spec needs.</summary>
public sealed class StartFromTests
{
    [Theory]
    [InlineData("{}", "stages: a run needs a stage: bottleneck, fine_tune or both")]
    [InlineData(
        "{ fine_tune: { train_from: Mixed_7b } }",
        "stages.bottleneck: fine_tune starts from the head of this stage; add the stage, or set stages.fine_tune.start_from: random or weights"
    )]
    [InlineData(
        "{ bottleneck: {}, fine_tune: { train_from: Mixed_7b, head: { dense: [4] } } }",
        "stages.fine_tune.head.dense: has no effect with start_from: bottleneck, because the head then has the layers of the bottleneck stage"
    )]
    [InlineData(
        "{ bottleneck: {}, fine_tune: { train_from: Mixed_7b, start_from: weights } }",
        "stages.fine_tune.start_from: weights: imagenet has no head to start from; use the weights of a run (weights: { run: ... }), or set bottleneck or random"
    )]
    public void Impossible_combinations_are_reported(string stages, string problem) =>
        Assert.EndsWith(problem, Assert.Single(SpecTexts.Problems(Spec(stages))).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("{ bottleneck: {} }", true)]
    [InlineData("{ bottleneck: {}, fine_tune: { train_from: Mixed_7b } }", true)]
    [InlineData("{ bottleneck: {}, fine_tune: { train_from: Mixed_7b, start_from: random } }", true)]
    [InlineData("{ fine_tune: { train_from: Mixed_7b, start_from: random, head: { dense: [4] } } }", false)]
    [InlineData("{ bottleneck: null, fine_tune: { train_from: Mixed_7b, start_from: random } }", false)]
    public void Valid_combinations_are_read(string stages, bool hasBottleneck) =>
        Assert.Equal(hasBottleneck, SpecTexts.Read(Spec(stages)).Stages.Bottleneck is not null);

    [Fact]
    public void Starting_from_the_bottleneck_keeps_the_earlier_canonical_form() =>
        Assert.Contains(
            "\"start_from\":\"bottleneck\"",
            CanonicalForm.Of(SpecTexts.Read(Spec("{ bottleneck: {}, fine_tune: { train_from: Mixed_7b } }"))),
            StringComparison.Ordinal
        );

    private static string Spec(string stages) =>
        $$"""
            name: a
            data: { source: folders, path: /data, split: { by: image, validation: 0.5 } }
            model: { backbone: inception_v3 }
            stages: {{stages}}
            """;
}
