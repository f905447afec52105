using BreakHis.Testing;
using BreakHis.Training.Backbones;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Backbones;

public sealed class InceptionV3Tests
{
    [Theory]
    [InlineData(299)]
    [InlineData(229)]
    public void Feature_map_has_the_shape_of_torchvision(int size)
    {
        using var backbone = Backbone.Create("inception_v3", BackboneTraits.Default);
        InitialWeights.Draw(backbone, seed: 3);
        using TorchSharp.Modules.InceptionV3 referee = torchvision.models.inception_v3(transform_input: false);
        referee.load_state_dict(backbone.state_dict(), strict: false);
        referee.eval();
        float[] input = [.. Enumerable.Range(0, 3 * size * size).Select(i => i * 7919 % 256 / 127.5f - 1)];

        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        Tensor map = tensor(input, [1, 3, size, size]);
        foreach (
            (string name, nn.Module block) in referee
                .named_children()
                .Where(c => backbone.Blocks.Any(b => b.Name == c.name))
        )
        {
            map = ((nn.Module<Tensor, Tensor>)block).call(map);
        }

        Closeness.Assure(map.data<float>().ToArray(), Features.Map(backbone, input, size), 1e-5);
    }

    [Fact]
    public void State_has_the_names_and_shapes_of_torchvision_without_classifiers()
    {
        using var backbone = Backbone.Create("inception_v3", BackboneTraits.Default);
        using TorchSharp.Modules.InceptionV3 referee = torchvision.models.inception_v3();

        Assert.Equal(
            Shapes(referee)
                .Where(s =>
                    !s.StartsWith("AuxLogits", StringComparison.Ordinal)
                    && !s.StartsWith("fc", StringComparison.Ordinal)
                ),
            Shapes(backbone),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Units_follow_the_order_of_convolutions_in_Keras()
    {
        string[] expected =
        [
            .. File.ReadLines(SharedFolder.Get("keras-layers.tsv"))
                .Select(l => l.Split('\t'))
                .Where(c => c[1] == "Conv2D")
                .OrderBy(c => int.Parse(c[2], System.Globalization.CultureInfo.InvariantCulture))
                .Select(c => $"{c[3]} {c[4]} {c[5]}"),
        ];
        using var backbone = Backbone.Create("inception_v3", BackboneTraits.Default, META);

        Assert.Equal(
            expected,
            backbone
                .Units()
                .Select(u => u.Unit.Shape)
                .Select(s => $"{s.Output} {s.KernelHeight}x{s.KernelWidth} {s.Stride}"),
            StringComparer.Ordinal
        );
    }

    private static IEnumerable<string> Shapes(nn.Module module) =>
        module.state_dict().Select(s => $"{s.Key} [{string.Join(", ", s.Value.shape)}]").Order(StringComparer.Ordinal);
}
