using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>Checks the tensors of a head that comes with weights.</summary>
internal static class HeadState
{
    /// <summary>The head of some tensors.</summary>
    /// <param name="tensors">Weights (outputs × inputs) and biases by the names in checkpoints.</param>
    /// <param name="classes">The names of the classes, in the order of the outputs.</param>
    /// <exception cref="WeightsException">They are not the dense layers of a head on the backbone.</exception>
    public static WeightsHead Of(
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyList<string> classes,
        string backbone,
        string file
    )
    {
        List<int> units = [];
        long inputs = BackboneFacts.Find(backbone)!.Features;
        while (2 * units.Count < tensors.Count)
        {
            string layer = RunNetwork.HeadPrefix + RunNetwork.Layer(units.Count + 1);
            if (
                !tensors.TryGetValue($"{layer}.weight", out Tensor? weight)
                || !tensors.TryGetValue($"{layer}.bias", out Tensor? bias)
                || !weight.is_floating_point()
                || !bias.is_floating_point()
                || weight.shape is not [var outputs and > 0 and <= int.MaxValue, var from]
                || from != inputs
                || bias.shape is not [var biases]
                || biases != outputs
            )
            {
                throw new WeightsException(
                    $"{file}: {layer} is not a dense layer for {Plural.Of(inputs, "input")}: it needs {layer}.weight and {layer}.bias"
                );
            }

            units.Add((int)outputs);
            inputs = outputs;
        }

        return units.Count > 0 && units[^1] == classes.Count
            ? new WeightsHead([.. units.SkipLast(1)], classes)
            : throw new WeightsException(
                $"{file}: its head has {Plural.Of(inputs, "output")}, but there are {Plural.Of(classes.Count, "class", "classes")}"
            );
    }
}
