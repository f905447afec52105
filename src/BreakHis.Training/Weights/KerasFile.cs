using System.Globalization;
using PureHDF;

namespace BreakHis.Training.Weights;

/// <summary>
/// Reads the weights of an HDF5 file that Keras wrote, by save_weights or by save: the attribute <c>layer_names</c> tells
/// the layers in the model's order, each layer's <c>weight_names</c> its data sets. Format: Keras's
/// engine/saving.py, save_weights_to_hdf5_group.
/// </summary>
internal static class KerasFile
{
    private const string LayerNames = "layer_names";
    private const string WeightNames = "weight_names";
    private const string ModelWeights = "model_weights";
    private const string Backend = "backend";
    private const int MostNames = 10_000;

    /// <summary>The layers that have weights, in the order of the model.</summary>
    public static IReadOnlyList<KerasLayer> Read(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            using var bounded = new BoundedStream(stream);
            using PureHDF.VOL.Native.NativeFile hdf5 = H5File.Open(bounded);
            return Read(hdf5, file, stream.Length);
        }
        catch (Exception e) when (e is not WeightsException)
        {
            // On a broken file the library throws whatever it runs into.
            throw new WeightsException($"{file}: not a whole HDF5 file of Keras's weights: {e.Message}", e);
        }
    }

    private static List<KerasLayer> Read(IH5Group root, string file, long length)
    {
        IH5Group group = Has(root, LayerNames) || !root.LinkExists(ModelWeights) ? root : root.Group(ModelWeights);
        if (
            group.AttributeExists(Backend)
            && group.Attribute(Backend).Read<string>() is var backend and not "tensorflow"
        )
        {
            throw new WeightsException($"{file}: written with Keras's backend {backend}, expected tensorflow");
        }

        var layers = new List<KerasLayer>();
        long left = length;
        foreach (string name in Names(group, LayerNames))
        {
            IH5Group layer = group.Group(name);
            var weights = new Dictionary<string, KerasTensor>(StringComparer.Ordinal);
            foreach (string weight in Names(layer, WeightNames))
            {
                weights.Add(Kind(weight), Tensor(layer.Dataset(weight), weight, ref left));
            }

            if (weights.Count > 0)
            {
                layers.Add(new KerasLayer(name, weights));
            }
        }

        return layers;
    }

    private static bool Has(IH5Group group, string list) =>
        group.AttributeExists(list) || group.AttributeExists(list + "0");

    /// <summary>A list of names; Keras divides long ones over attributes with a number at the end of their names.</summary>
    private static List<string> Names(IH5Group group, string list)
    {
        if (group.AttributeExists(list))
        {
            return [.. Texts(group.Attribute(list))];
        }

        return
        [
            .. Enumerable
                .Range(0, MostNames)
                .Select(i => list + i.ToString(CultureInfo.InvariantCulture))
                .TakeWhile(group.AttributeExists)
                .SelectMany(part => Texts(group.Attribute(part))),
        ];
    }

    private static string[] Texts(IH5Attribute attribute) =>
        Count(attribute.Space.Dimensions) switch
        {
            0 => [],
            // A model with one layer, or a layer with one weight: still a list.
            <= MostNames => attribute.Read<string[]>(),
            _ => throw new FormatException($"its attribute {attribute.Name} has too many names"),
        };

    /// <summary>kernel for conv2d_1/kernel:0, moving_mean for batch_normalization_1/moving_mean:0.</summary>
    private static string Kind(string weight) => weight[(weight.LastIndexOf('/') + 1)..].Split(':')[0];

    private static KerasTensor Tensor(IH5Dataset set, string name, ref long left)
    {
        if (set.Type.Class != H5DataTypeClass.FloatingPoint || set.Type.Size != sizeof(float))
        {
            throw new FormatException($"weight {name} is not float32");
        }

        // Weights hardly compress: all together they take no more than the file.
        ulong count = Count(set.Space.Dimensions);
        left -= count <= (ulong)left ? (long)count * sizeof(float) : left + 1;
        if (left < 0 || set.Layout.Class == H5DataLayoutClass.VirtualStorage)
        {
            throw new FormatException($"weight {name} does not lie in the file");
        }

        return new KerasTensor([.. set.Space.Dimensions.Select(d => (long)d)], count == 0 ? [] : set.Read<float[]>());
    }

    private static ulong Count(ulong[] dimensions) =>
        dimensions.Aggregate(1UL, (product, size) => (ulong)UInt128.Min((UInt128)product * size, ulong.MaxValue));
}
