using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>A spec that contains what looks like a secret is refused, at its place and without repeating it.</summary>
public sealed class SpecSecretsTests
{
    private const string Canary = "c4n4ry" + "Xq93kd";
    private const string Token = "hf" + "_" + Canary + "Xq93kdXq93kdXq93kd";

    [Theory]
    [InlineData("about: uses " + Token, "", 2, 8)]
    [InlineData("about: \"db_password: " + Canary + "\"", "", 2, 8)]
    [InlineData("", "./" + Token, 3, 32)]
    [InlineData("", "'${DATA}/x'", 3, 32)]
    public void The_place_is_named_and_the_secret_is_not(string about, string path, int line, int column)
    {
        Problem problem = Assert.Single(Read(about, path, []));

        Assert.Equal(("BH1022", line, column), (problem.Code, problem.Line, problem.Column));
        Assert.DoesNotContain(Canary, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("passes: " + "3x10epochs")]
    [InlineData("key: " + "4f8a2c9e")]
    [InlineData("token: " + "patch14x14")]
    [InlineData("citation key: " + "he2016deep1512x03385")]
    public void Descriptions_of_experiments_are_no_secrets(string about) =>
        Assert.Empty(Read($"about: \"{about}\"", "", []));

    [Fact]
    public void An_override_is_named_without_its_value()
    {
        Problem problem = Assert.Single(Read("", "", [$"about={Token}"]));

        Assert.Equal("BH1022", problem.Code);
        Assert.DoesNotContain(Canary, problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_refused_too() => Assert.Equal("BH1022", Assert.Single(Read("", "", [$"name={Token}"])).Code);

    [Fact]
    public void Keys_that_begin_with_x_are_not_recorded() => Assert.Empty(Read($"x-note: {Token}", "", []));

    [Fact]
    public void The_path_of_a_spec_is_refused()
    {
        Problem problem = Assert.Single(SpecReader.Read($"{Token}.yaml", [], null).Problems);

        Assert.Equal("BH1022", problem.Code);
        Assert.DoesNotContain(Canary, problem.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<Problem> Read(string about, string path, string[] sets) =>
        SpecReader
            .ReadText(
                $$"""
                name: x
                {{about}}
                data: { source: folders, path: {{(
                    path == "" ? "./data" : path
                )}}, split: { by: image, validation: 0.5 } }
                model: { backbone: resnet18_mlnet }
                stages: { bottleneck: { input_size: 32, epochs: 1, batch_size: 8, head: { dense: [4], dropout: 0 } } }
                """,
                "a.yaml",
                sets,
                null,
                _ => $"/data/{Token}"
            )
            .Problems;
}
