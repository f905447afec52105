using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Layouts;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Layouts;

/// <summary>Layers around a network that is used as one layer.</summary>
public sealed class KerasLayersAroundTests
{
    private static readonly KerasLayer Norm = new(
        "batch_normalization",
        new Dictionary<string, KerasTensor>(StringComparer.Ordinal) { ["moving_variance"] = new([1], [1]) }
    );

    [Fact]
    public void A_network_that_was_trained_on_the_output_of_a_layer_is_refused()
    {
        WeightsException e = Assert.Throws<WeightsException>(() =>
            KerasInceptionV3.Unused(Model(("", Kernel("stain")), ("base", Norm), ("", Kernel("dense"))), "a.h5")
        );

        Assert.StartsWith("a.h5: layer stain comes before the network", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_after_it_or_that_prepare_images_are_not_used()
    {
        KerasLayer scale = Norm with { Name = "normalization", Weights = new Dictionary<string, KerasTensor>() };

        IReadOnlyList<KerasLayer> unused = KerasInceptionV3.Unused(
            Model(("", scale), ("base", Norm), ("", Kernel("dense"))),
            "a.h5"
        );

        Assert.Equal(["dense", "normalization"], unused.Select(layer => layer.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_of_Keras_3_do_not_say_which_layer_comes_first() =>
        Assert.Single(
            KerasInceptionV3.Unused(
                KerasModel.Of([("", Kernel("dense")), ("base", Norm)], _ => KerasOrder.Model),
                "a.weights.h5"
            )
        );

    private static KerasModel Model(params (string, KerasLayer)[] layers) =>
        KerasModel.Of(layers, part => part.Length == 0 ? KerasOrder.List : KerasOrder.Creation);

    private static KerasLayer Kernel(string name) =>
        new(name, new Dictionary<string, KerasTensor>(StringComparer.Ordinal) { ["kernel"] = new([1], [1]) });
}
