using System.Globalization;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// Converts Keras's Inception V3 to torchvision's layout. Keras's N-th Conv2D and BatchNormalization, in order of
/// creation, are the N-th convolution in torchvision's module order. Keras's kernels are height x width x in x out.
/// Keras's batch norms have no gamma (scale=False): it is one. Layers of a head are omitted.
/// </summary>
internal static class KerasInceptionV3
{
    private static readonly int[] ConvolutionsInModel = RanksOf(KerasLayers.InceptionV3.Select(l => l.Convolution));

    private static readonly int[] NormsInModel = RanksOf(KerasLayers.InceptionV3.Select(l => l.Norm));

    /// <summary>The state from weights by name: the layers of each kind, in the order of their numbers.</summary>
    public static Dictionary<string, Tensor> State(IReadOnlyDictionary<string, KerasTensor> tensors, string file)
    {
        CheckNames(tensors.Keys, file);
        KerasLayer[] layers =
        [
            .. tensors
                .GroupBy(t => t.Key[..t.Key.LastIndexOf('/')], StringComparer.Ordinal)
                .Select(layer => new KerasLayer(
                    layer.Key,
                    layer.ToDictionary(t => t.Key[(layer.Key.Length + 1)..], t => t.Value, StringComparer.Ordinal)
                )),
        ];
        return State(new KerasModel(layers, KerasOrder.Creation, []), file);
    }

    /// <summary>The state from the layers of a model, or of the part of it that is the network.</summary>
    public static Dictionary<string, Tensor> State(KerasModel model, string file)
    {
        using var backbone = Backbone.Create(InceptionV3.Definition.Facts.Name, BackboneTraits.Default, META);
        Dictionary<string, Tensor> shapes = backbone.state_dict();
        (string Name, long[] Kernel)[] units =
        [
            .. backbone.Units().Select(unit => (unit.Name, shapes[$"{unit.Name}.conv.weight"].shape)),
        ];
        (IReadOnlyList<KerasLayer> convolutions, IReadOnlyList<KerasLayer> norms) =
            model.Order == KerasOrder.List
                ? InList([.. FromNetwork(model.Layers)], file)
                : Numbered(model, units, file);
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((int i, (string unit, long[] shape)) in units.Index())
        {
            state[$"{unit}.conv.weight"] = Kernel(convolutions[i], shape, file);
            Tensor beta = Vector(Find(norms[i], "beta", file));
            state[$"{unit}.bn.weight"] = norms[i].Weights.TryGetValue("gamma", out KerasTensor? gamma)
                ? Vector(gamma)
                : ones_like(beta);
            state[$"{unit}.bn.bias"] = beta;
            state[$"{unit}.bn.running_mean"] = Vector(Find(norms[i], "moving_mean", file));
            state[$"{unit}.bn.running_var"] = Vector(Find(norms[i], "moving_variance", file));
        }

        return state;
    }

    /// <summary>Returns a model's layers that are not used: those around the network, and those of a head.</summary>
    /// <exception cref="WeightsException">
    /// They contain another network of this size, or the network was trained on the output of one of them.
    /// </exception>
    public static IReadOnlyList<KerasLayer> Unused(KerasModel model, string file)
    {
        // Files of Keras 3 do not say which layer comes first.
        if (model.Order != KerasOrder.Model && FromNetwork(model.Before).FirstOrDefault() is { } before)
        {
            throw new WeightsException(
                $"{file}: layer {before.Name} comes before the network like Inception V3, whose weights expect its output; save a network that takes images"
            );
        }

        KerasLayer[] unused =
        [
            .. model.Order == KerasOrder.List
                ? model.Layers.Except(FromNetwork(model.Layers).Take(2 * ConvolutionsInModel.Length))
                : model.Layers.Except([.. OfKind(model, KerasLayer.Convolution), .. OfKind(model, KerasLayer.Norm)]),
            .. model.Others,
        ];
        return unused.Count(layer => layer.IsNorm) < NormsInModel.Length
            ? unused
            : throw new WeightsException(
                $"{file}: contains several networks like Inception V3; save one of them alone"
            );
    }

    /// <summary>The layers without those that prepare the input, such as Normalization.</summary>
    private static IEnumerable<KerasLayer> FromNetwork(IEnumerable<KerasLayer> layers) =>
        layers.SkipWhile(layer => !layer.IsNorm && !layer.Weights.ContainsKey("kernel"));

    /// <summary>The layers in the order of the model, regardless of their names, as Keras loads such a file.</summary>
    private static (IReadOnlyList<KerasLayer> Convolutions, IReadOnlyList<KerasLayer> Norms) InList(
        IReadOnlyList<KerasLayer> layers,
        string file
    )
    {
        bool[] areNorms =
        [
            .. KerasLayers
                .InceptionV3.SelectMany(l => ((int At, bool IsNorm)[])[(l.Convolution, false), (l.Norm, true)])
                .OrderBy(place => place.At)
                .Select(place => place.IsNorm),
        ];
        if (layers.Count < areNorms.Length)
        {
            throw new WeightsException(
                $"{file}: contains {Plural.Of(layers.Count, "layer")} with weights{Some(layers)}, expected {areNorms.Length} as in Keras's Inception V3"
            );
        }

        foreach ((int i, bool isNorm) in areNorms.Index())
        {
            string demanded = isNorm ? "moving_variance" : "kernel";
            if (!layers[i].Weights.ContainsKey(demanded))
            {
                throw new WeightsException(
                    $"{file}: layer {layers[i].Name} has no {demanded}, which layer {i + 1} with weights must have in Keras's Inception V3"
                );
            }
        }

        return (
            InTheirOrder([.. layers.Take(areNorms.Length).Where((_, i) => !areNorms[i])], ConvolutionsInModel),
            InTheirOrder([.. layers.Take(areNorms.Length).Where((_, i) => areNorms[i])], NormsInModel)
        );
    }

    /// <summary>The layers by the numbers in their names.</summary>
    private static (IReadOnlyList<KerasLayer> Convolutions, IReadOnlyList<KerasLayer> Norms) Numbered(
        KerasModel model,
        (string Name, long[] Kernel)[] units,
        string file
    )
    {
        KerasLayer[] convolutions = OfKind(model, KerasLayer.Convolution);
        KerasLayer[] norms = OfKind(model, KerasLayer.Norm);
        CheckCount(convolutions, KerasLayer.Convolution, model, file);
        CheckCount(norms, KerasLayer.Norm, model, file);
        if (model.Order == KerasOrder.Creation)
        {
            return (convolutions, norms);
        }

        // Keras counts in the order of the model. Some converters count in the order of creation, which the shapes show.
        IReadOnlyList<KerasLayer> inModel = InTheirOrder(convolutions, ConvolutionsInModel);
        return !Fits(inModel, units) && Fits(convolutions, units)
            ? (convolutions, norms)
            : (inModel, InTheirOrder(norms, NormsInModel));
    }

    private static bool Fits(IReadOnlyList<KerasLayer> convolutions, (string Name, long[] Kernel)[] units) =>
        convolutions
            .Zip(units)
            .All(pair =>
                pair.First.Weights.TryGetValue("kernel", out KerasTensor? kernel)
                && kernel.Shape is [var height, var width, var from, var to]
                && pair.Second.Kernel.SequenceEqual([to, from, height, width])
            );

    /// <summary>Puts layers from the order of the model into that of creation.</summary>
    private static KerasLayer[] InTheirOrder(KerasLayer[] inModel, int[] ranks) =>
        [.. ranks.Select(rank => inModel[rank])];

    /// <summary>For each place, how many places come before it in the model.</summary>
    private static int[] RanksOf(IEnumerable<int> places)
    {
        int[] all = [.. places];
        return [.. all.Select(place => all.Count(other => other < place))];
    }

    /// <summary>The first layers of a kind, as many as the network has at most: a head may follow.</summary>
    private static KerasLayer[] OfKind(KerasModel model, string kind) =>
        [
            .. model
                .Layers.Where(layer => Number(layer.Name, kind) is not null)
                .OrderBy(layer => Number(layer.Name, kind))
                .Take(KerasLayers.InceptionV3.Count),
        ];

    private static void CheckCount(KerasLayer[] layers, string kind, KerasModel model, string file)
    {
        if (layers.Length < KerasLayers.InceptionV3.Count)
        {
            throw new WeightsException(
                $"{file}: contains {Plural.Of(layers.Length, "layer")} {kind}{Some(model.Layers)}, expected {KerasLayers.InceptionV3.Count} as in Keras's Inception V3"
            );
        }
    }

    private static string Some(IReadOnlyCollection<KerasLayer> layers) =>
        layers.Count == 0 ? "" : $" ({Listing.Words([.. layers.Select(layer => layer.Name)], shown: 3)})";

    /// <summary>Throws if a name is not that of a weight of Keras's Inception V3.</summary>
    public static void CheckNames(IEnumerable<string> names, string file)
    {
        string? stranger = names
            .Where(k =>
                !IsWeight(k, KerasLayer.Convolution, "kernel")
                && !IsWeight(k, KerasLayer.Norm, "gamma", "beta", "moving_mean", "moving_variance")
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

    private static bool IsWeight(string name, string layer, params string[] weights) =>
        weights.Any(w =>
            name.EndsWith("/" + w, StringComparison.Ordinal) && Number(name[..^(w.Length + 1)], layer) is not null
        );

    /// <summary>
    /// 7 for conv2d_7, 0 for conv2d (the first in newer versions of Keras), null for other kinds of layers. What comes
    /// before a slash, such as the name of a model that is used as a layer, does not matter.
    /// </summary>
    private static int? Number(string name, string kind)
    {
        string layer = name[(name.LastIndexOf('/') + 1)..];
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

    private static KerasTensor Find(KerasLayer layer, string role, string file) =>
        layer.Weights.TryGetValue(role, out KerasTensor? found)
            ? found
            : throw new WeightsException($"{file}: weight {layer.Name}/{role} is missing");

    private static Tensor Vector(KerasTensor source) => tensor(source.Values, source.Shape);

    /// <param name="expected">The shape that PyTorch's kernel must have: out x in x height x width.</param>
    private static Tensor Kernel(KerasLayer layer, long[] expected, string file)
    {
        KerasTensor source = Find(layer, "kernel", file);
        if (source.Shape is not [var height, var width, var from, var to])
        {
            throw new WeightsException(
                $"{file}: weight {layer.Name}/kernel has shape [{string.Join(", ", source.Shape)}], expected height x width x in x out"
            );
        }

        if (source.Shape.SequenceEqual(expected) && !expected.SequenceEqual([to, from, height, width]))
        {
            throw new WeightsException(
                $"{file}: weight {layer.Name}/kernel has shape [{string.Join(", ", source.Shape)}]: out x in x height x width, as Keras writes it with Theano; save the weights with TensorFlow"
            );
        }

        using Tensor kernel = tensor(source.Values, source.Shape);
        using Tensor outFirst = kernel.permute(3, 2, 0, 1);
        return outFirst.contiguous();
    }
}
