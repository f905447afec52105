using System.Buffers.Binary;
using System.Globalization;
using BreakHis.Training.Weights.Layouts;
using PureHDF;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Reads the weights of an HDF5 file written by Keras's save_weights or save. The attribute <c>layer_names</c> lists
/// the layers in the model's order, and each layer's <c>weight_names</c> lists its data sets. Format: Keras's
/// engine/saving.py, save_weights_to_hdf5_group.
/// </summary>
internal static class KerasFile
{
    private const string LayerNames = "layer_names";
    private const string WeightNames = "weight_names";
    private const string ModelWeights = "model_weights";
    private const int MostNames = 10_000;
    private const int LongestName = 1000;
    private const int LongestFile = 1 << 30;

    private static ReadOnlySpan<byte> Heap => "GCOL\u0001\0\0\0"u8;

    /// <summary>Reads the layers that have weights, in the order of the model.</summary>
    public static IReadOnlyList<KerasLayer> Read(string file)
    {
        try
        {
            byte[] content =
                new FileInfo(file).Length <= LongestFile
                    ? File.ReadAllBytes(file)
                    : throw new FormatException("it is too long");
            CheckHeaps(content);
            using var bounded = new BoundedStream(new MemoryStream(content, writable: false));
            using PureHDF.VOL.Native.NativeFile hdf5 = H5File.Open(bounded);
            return Read(hdf5, bounded);
        }
        catch (Exception e) when (e is not WeightsException)
        {
            // On a malformed file, the library throws exceptions of any type.
            throw new WeightsException($"{file}: not a complete HDF5 file of Keras weights: {e.Message}", e);
        }
    }

    private static List<KerasLayer> Read(IH5Group root, BoundedStream file)
    {
        IH5Group group = Has(root, LayerNames) || !root.LinkExists(ModelWeights) ? root : root.Group(ModelWeights);
        var layers = new List<KerasLayer>();
        long left = file.Length;
        foreach (string name in Names(group, LayerNames))
        {
            IH5Group layer = group.Group(name);
            var weights = new Dictionary<string, KerasTensor>(StringComparer.Ordinal);
            foreach (string weight in Names(layer, WeightNames))
            {
                weights.Add(Kind(weight), Tensor(layer.Dataset(weight), weight, file, ref left));
            }

            if (weights.Count > 0)
            {
                layers.Add(new KerasLayer(name, weights));
            }
        }

        return layers;
    }

    /// <summary>
    /// Checks that every object of a global heap is inside the file. Heaps contain variable-length text, and the
    /// library does not check their lengths. A heap is GCOL, version 1, three zeros and its length; an object is eight
    /// bytes of index and reference count, its length, and its bytes, padded to a multiple of eight. HDF5 File Format
    /// Specification, III.E.
    /// </summary>
    private static void CheckHeaps(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> rest = content;
        for (int at = rest.IndexOf(Heap); at >= 0; at = rest.IndexOf(Heap))
        {
            rest = rest[at..];
            CheckHeap(rest);
            rest = rest[Heap.Length..];
        }
    }

    private static void CheckHeap(ReadOnlySpan<byte> heap)
    {
        const int Head = 16;
        ulong length = heap.Length >= Head ? BinaryPrimitives.ReadUInt64LittleEndian(heap[8..]) : 0;
        if (length < Head || length > (ulong)heap.Length)
        {
            throw new FormatException("a heap lies outside the file");
        }

        ReadOnlySpan<byte> parts = heap[Head..(int)length];
        while (parts.Length >= Head && BinaryPrimitives.ReadUInt16LittleEndian(parts) != 0)
        {
            ulong size = BinaryPrimitives.ReadUInt64LittleEndian(parts[8..]);
            if (size > (ulong)(parts.Length - Head))
            {
                throw new FormatException("part of a heap lies outside the file");
            }

            parts = parts[Math.Min(parts.Length, Head + (int)((size + 7) / 8 * 8))..];
        }
    }

    private static bool Has(IH5Group group, string list) =>
        group.AttributeExists(list) || group.AttributeExists(list + "0");

    /// <summary>
    /// A list of names. Keras splits long lists over several attributes, with a number at the end of each attribute
    /// name.
    /// </summary>
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
            <= MostNames when attribute.Type.Size <= LongestName => attribute.Read<string[]>(),
            _ => throw new FormatException($"its attribute {attribute.Name} is not a list of names"),
        };

    /// <summary>kernel for conv2d_1/kernel:0, moving_mean for batch_normalization_1/moving_mean:0.</summary>
    private static string Kind(string weight) => weight[(weight.LastIndexOf('/') + 1)..].Split(':')[0];

    private static KerasTensor Tensor(IH5Dataset set, string name, BoundedStream file, ref long left)
    {
        if (set.Type.Class != H5DataTypeClass.FloatingPoint || set.Type.Size != sizeof(float))
        {
            throw new FormatException($"weight {name} is not float32");
        }

        // Weights hardly compress, so a valid file has at most as many bytes of weights as its length.
        ulong count = Count(set.Space.Dimensions);
        left -= count <= (ulong)left ? (long)count * sizeof(float) : left + 1;
        if (left < 0)
        {
            throw new FormatException($"weight {name} lies outside the file");
        }

        // A link or data set may refer to another file, which the library would open. Only bytes from this file count.
        long before = file.BytesRead;
        float[] values = count == 0 ? [] : set.Read<float[]>();
        return file.BytesRead - before >= (long)count * sizeof(float)
            ? new KerasTensor([.. set.Space.Dimensions.Select(d => (long)d)], values)
            : throw new FormatException($"weight {name} lies outside the file or is compressed");
    }

    private static ulong Count(ulong[] dimensions) =>
        dimensions.Aggregate(1UL, (product, size) => (ulong)UInt128.Min((UInt128)product * size, ulong.MaxValue));
}
