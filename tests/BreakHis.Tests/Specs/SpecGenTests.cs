using System.Text.Json.Nodes;
using BreakHis.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Specs;

/// <summary>
/// Properties are tested only on generated values, so every setting must be generated with several values.
/// </summary>
public sealed class SpecGenTests
{
    [Fact]
    public void Every_setting_is_generated_with_several_values()
    {
        JsonNode[] specs =
        [
            .. SpecGen
                .Spec.Array[400]
                .Single()
                .Select(spec => JsonNode.Parse(CanonicalForm.Complete(CanonicalForm.Of(spec)))!),
        ];

        Assert.Equal(
            LeafChanges.Paths.Order(StringComparer.Ordinal),
            LeafChanges.Paths.Where(path => Values(specs, path) > 1).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Every_unit_source_backbone_and_optimizer_is_generated()
    {
        ExperimentSpec[] specs = SpecGen.Spec.Array[400].Single();

        Assert.Equal(Enum.GetValues<SplitUnit>(), specs.Select(spec => spec.Data.Split.By).Distinct().Order());
        Assert.Equal(Enum.GetValues<DataSource>(), specs.Select(spec => spec.Data.Source).Distinct().Order());
        Assert.Equal(
            BackboneFacts.All.Select(backbone => backbone.Name),
            specs.Select(spec => spec.Model.Backbone).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            typeof(OptimizerSpec)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(OptimizerSpec)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            specs
                .Select(spec => spec.Stages.FineTune?.Optimizer.GetType().Name)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>The number of different values of a setting, without a missing one.</summary>
    private static int Values(JsonNode[] specs, string path) =>
        specs
            .Select(spec =>
                path.Split('.').Aggregate((JsonNode?)spec, (node, key) => (node as JsonObject)?[key])?.ToJsonString()
            )
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Count();
}
