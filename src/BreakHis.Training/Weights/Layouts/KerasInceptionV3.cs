using System.Globalization;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// Converts Keras's Inception V3 to torchvision's layout. Keras's N-th Conv2D and BatchNormalization, in order of
/// creation, are the N-th convolution in torchvision's module order. Keras's kernels are height x width x in x out.
/// Keras's batch norms have no gamma (scale=False): it is one. Dense layers belong to the classifier and are omitted.
/// </summary>
internal static class KerasInceptionV3
{
    private const string Convolution = "conv2d";
    private const string Norm = "batch_normalization";

    /// <summary>The state from weights by name: the layers of each type, in the order of their numbers.</summary>
    public static Dictionary<string, Tensor> State(IReadOnlyDictionary<string, KerasTensor> tensors, string file)
    {
        CheckNames(tensors, file);
        int count = KerasLayers.InceptionV3.Count;
        return State(tensors, Layers(tensors, Convolution, count, file), Layers(tensors, Norm, count, file), file);
    }

    /// <summary>
    /// The state from layers in the order of Keras's model, regardless of their names, as Keras loads such a file.
    /// </summary>
    public static Dictionary<string, Tensor> State(IReadOnlyList<KerasLayer> layers, string file)
    {
        string[] convolutions = new string[KerasLayers.InceptionV3.Count];
        string[] norms = new string[convolutions.Length];
        (int Layer, Action<string> Keep, string Weight)[] places =
        [
            .. KerasLayers
                .InceptionV3.SelectMany(
                    (l, i) =>
                        ((int, Action<string>, string)[])
                            [
                                (l.Convolution, name => convolutions[i] = name, "kernel"),
                                (l.Norm, name => norms[i] = name, "moving_variance"),
                            ]
                )
                .OrderBy(p => p.Item1),
        ];
        // The layers of a classifier follow.
        if (layers.Count < places.Length)
        {
            throw new WeightsException(
                $"{file}: contains {layers.Count} layers with weights, expected {places.Length} as in Keras's Inception V3"
            );
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i]
                .Keep(
                    layers[i].Weights.ContainsKey(places[i].Weight)
                        ? layers[i].Name
                        : throw new WeightsException(
                            $"{file}: layer {layers[i].Name} has no {places[i].Weight}, which layer {i + 1} with weights must have in Keras's Inception V3"
                        )
                );
        }

        CheckClassifier(layers.Skip(places.Length), file);
        return State(
            layers
                .SelectMany(l => l.Weights.Select(w => ($"{l.Name}/{w.Key}", w.Value)))
                .ToDictionary(StringComparer.Ordinal),
            convolutions,
            norms,
            file
        );
    }

    private static void CheckClassifier(IEnumerable<KerasLayer> layers, string file)
    {
        KerasLayer? stranger = layers.FirstOrDefault(l =>
            !l.Weights.TryGetValue("kernel", out KerasTensor? kernel) || kernel.Shape.Length != 2
        );
        if (stranger is not null)
        {
            throw new WeightsException($"{file}: layer {stranger.Name} is not part of Keras's Inception V3");
        }
    }

    private static Dictionary<string, Tensor> State(
        IReadOnlyDictionary<string, KerasTensor> tensors,
        string[] convolutions,
        string[] norms,
        string file
    )
    {
        using var backbone = Backbone.Create(InceptionV3.Definition.Facts.Name, BackboneTraits.Default, META);
        string[] units = [.. backbone.Units().Select(u => u.Name)];
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        for (int i = 0; i < units.Length; i++)
        {
            Tensor kernel = Kernel(Find(tensors, $"{convolutions[i]}/kernel", file), $"{convolutions[i]}/kernel", file);
            Tensor beta = Vector(Find(tensors, $"{norms[i]}/beta", file));
            state[$"{units[i]}.conv.weight"] = kernel;
            state[$"{units[i]}.bn.weight"] = tensors.TryGetValue($"{norms[i]}/gamma", out KerasTensor? gamma)
                ? Vector(gamma)
                : ones_like(beta);
            state[$"{units[i]}.bn.bias"] = beta;
            state[$"{units[i]}.bn.running_mean"] = Vector(Find(tensors, $"{norms[i]}/moving_mean", file));
            state[$"{units[i]}.bn.running_var"] = Vector(Find(tensors, $"{norms[i]}/moving_variance", file));
        }

        return state;
    }

    private static void CheckNames(IReadOnlyDictionary<string, KerasTensor> tensors, string file)
    {
        string? stranger = tensors
            .Keys.Where(k =>
                !IsWeight(k, Convolution, "kernel")
                && !IsWeight(k, Norm, "gamma", "beta", "moving_mean", "moving_variance")
                && !IsWeight(k, "dense", "kernel", "bias")
                && !IsWeight(k, "predictions", "kernel", "bias")
            )
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        if (stranger is not null)
        {
            throw new WeightsException($"{file}: weight {stranger} is not part of Keras's Inception V3");
        }
    }

    private static bool IsWeight(string name, string layer, params string[] weights)
    {
        return weights.Any(w => name.EndsWith("/" + w, StringComparison.Ordinal) && Number(name, layer) is not null);
    }

    /// <summary>
    /// The layers of a type in the order of their numbers. Keras continues counting from earlier models.
    /// </summary>
    private static string[] Layers(
        IReadOnlyDictionary<string, KerasTensor> tensors,
        string kind,
        int expected,
        string file
    )
    {
        string[] layers =
        [
            .. tensors
                .Keys.Where(k => Number(k, kind) is not null)
                .Select(k => k[..k.LastIndexOf('/')])
                .Distinct(StringComparer.Ordinal)
                .OrderBy(l => Number(l + "/", kind)),
        ];
        return layers.Length == expected
            ? layers
            : throw new WeightsException($"{file}: contains {layers.Length} layers {kind}, expected {expected}");
    }

    /// <summary>
    /// 7 for conv2d_7/kernel, 0 for conv2d/kernel (the first in newer versions of Keras), null for other types of
    /// layers.
    /// </summary>
    private static int? Number(string name, string kind)
    {
        string layer = name[..Math.Max(0, name.LastIndexOf('/'))];
        if (layer == kind)
        {
            return 0;
        }

        return
            layer.StartsWith(kind + "_", StringComparison.Ordinal)
            && int.TryParse(layer.AsSpan(kind.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n)
            ? n
            : null;
    }

    private static KerasTensor Find(IReadOnlyDictionary<string, KerasTensor> tensors, string name, string file)
    {
        return tensors.TryGetValue(name, out KerasTensor? found)
            ? found
            : throw new WeightsException($"{file}: weight {name} is missing");
    }

    private static Tensor Vector(KerasTensor source) => tensor(source.Values, source.Shape);

    private static Tensor Kernel(KerasTensor source, string name, string file)
    {
        if (source.Shape.Length != 4)
        {
            throw new WeightsException(
                $"{file}: weight {name} has shape [{string.Join(", ", source.Shape)}], expected height x width x in x out"
            );
        }

        using Tensor kernel = tensor(source.Values, source.Shape);
        using Tensor outFirst = kernel.permute(3, 2, 0, 1);
        return outFirst.contiguous();
    }
}

/// <summary>A layer with its weights, by their role: <c>kernel</c>, <c>moving_mean</c> ...</summary>
internal sealed record KerasLayer(string Name, IReadOnlyDictionary<string, KerasTensor> Weights);
