using System.Globalization;
using BreakHis.Specs;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Backbones;

public sealed class TrainedModulesTests
{
    [Fact]
    public void Keras_layers_match_the_recorded_list()
    {
        string[][] rows = [.. File.ReadLines(SharedFolder.Get("keras-layers.tsv")).Skip(1).Select(l => l.Split('\t'))];
        int[] Indices(string kind) =>
            [.. rows.Where(r => r[1] == kind).OrderBy(r => Number(r[2])).Select(r => Number(r[0]))];

        Assert.Equal(Indices("Conv2D"), KerasLayers.InceptionV3.Select(l => l.Convolution));
        Assert.Equal(Indices("BatchNormalization"), KerasLayers.InceptionV3.Select(l => l.Norm));
    }

    [Theory]
    [InlineData(0, 94, 94)]
    [InlineData(172, 41, 42)]
    [InlineData(249, 18, 18)]
    [InlineData(311, 0, 0)]
    public void A_Keras_layer_and_all_after_it_are_trained(int layer, int convolutions, int norms)
    {
        using Backbone backbone = Inception();
        IReadOnlySet<string> trained = TrainedModules.Of(backbone, new TrainFrom(null, layer));

        Assert.Equal(convolutions, trained.Count(t => t.EndsWith(".conv", StringComparison.Ordinal)));
        Assert.Equal(norms, trained.Count(t => t.EndsWith(".bn", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(172, 16_176_000)]
    [InlineData(249, 11_100_000)]
    public void The_trained_layers_have_as_many_parameters_as_in_Keras(int layer, long expected)
    {
        using Backbone backbone = Inception();
        IReadOnlySet<string> trained = TrainedModules.Of(backbone, new TrainFrom(null, layer));
        long count = backbone
            .named_parameters()
            .Where(p => trained.Contains(Parent(p.name)) && !p.name.EndsWith(".bn.weight", StringComparison.Ordinal))
            .Sum(p => p.parameter.numel());

        Assert.InRange(count, expected - 50_000, expected + 50_000);
    }

    [Fact]
    public void A_block_and_all_after_it_are_trained()
    {
        using var backbone = Backbone.Create("resnet18_mlnet", BackboneTraits.Default, META);
        IReadOnlySet<string> trained = TrainedModules.Of(backbone, new TrainFrom("stage4", null));

        Assert.Equal(14, trained.Count);
        Assert.All(trained, t => Assert.StartsWith("stage4.", t, StringComparison.Ordinal));
        Assert.Contains("stage4.0.projection.bn", trained);
    }

    [Fact]
    public void Trained_modules_have_names_of_existing_modules()
    {
        using Backbone backbone = Inception();
        var modules = backbone.named_modules().Select(m => m.name).ToHashSet(StringComparer.Ordinal);

        IReadOnlySet<string> trained = TrainedModules.Of(backbone, new TrainFrom("Conv2d_1a_3x3", null));

        Assert.Equal(2 * 94, trained.Count);
        Assert.Subset(modules, trained.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void A_missing_block_or_list_is_an_error()
    {
        using var backbone = Backbone.Create("resnet18_mlnet", BackboneTraits.Default, META);

        Assert.Throws<ArgumentException>(() => TrainedModules.Of(backbone, new TrainFrom("Mixed_7b", null)));
        Assert.Throws<ArgumentException>(() => TrainedModules.Of(backbone, new TrainFrom(null, 172)));
    }

    private static Backbone Inception() => Backbone.Create("inception_v3", BackboneTraits.Default, META);

    private static string Parent(string name) => name[..name.LastIndexOf('.')];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
