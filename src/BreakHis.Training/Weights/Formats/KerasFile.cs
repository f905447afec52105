using System.Buffers.Binary;
using System.IO.Compression;
using BreakHis.Wording;
using PureHDF;
using PureHDF.VOL.Native;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Reads the weights of a file written by Keras: HDF5, or an archive that contains HDF5 (.keras). Keras 2, and Keras 3
/// for .h5 files, list the layers in the model's order in the attribute <c>layer_names</c>, and the data sets of a layer
/// in its <c>weight_names</c>; a model that is used as a layer is one layer with the weights of all of its own. Format:
/// Keras's legacy_h5_format.py, save_weights_to_hdf5_group. Files .weights.h5 and .keras have a group per layer, whose
/// name counts the layers of a kind in the model's order, with the data sets vars/0, vars/1 ... Format: Keras's
/// saving_lib.py.
/// </summary>
internal static class KerasFile
{
    /// <summary>The entry of a .keras archive with the weights.</summary>
    public const string ArchivedWeights = "model.weights.h5";

    private const string LayerNames = "layer_names";
    private const string WeightNames = "weight_names";
    private const string ModelWeights = "model_weights";
    private const string Variables = "vars";
    private const int MostNames = 10_000;
    private const int Deepest = 10;
    private const int LongestName = 1000;
    private const int LongestFile = 1 << 30;
    private const int MostWork = 16;

    private static ReadOnlySpan<byte> Heap => "GCOL\u0001\0\0\0"u8;

    /// <summary>Reads the layers that have weights.</summary>
    public static KerasModel Read(string file)
    {
        try
        {
            OtherHdf5Files.Hide();
            byte[] content = Content(file);
            CheckHeaps(content);
            using var bounded = new BoundedStream(new MemoryStream(content, writable: false));
            using NativeFile hdf5 = H5File.Open(bounded);
            return Read(hdf5, bounded);
        }
        catch (Exception e) when (e is not WeightsException)
        {
            // On a malformed file, the library throws exceptions of any type.
            throw new WeightsException($"{file}: not a complete file of Keras weights: {e.Message}", e);
        }
    }

    private static byte[] Content(string file)
    {
        if (WeightsSource.IsZip(file))
        {
            using ZipArchive archive = BoundedZip.Open(File.OpenRead(file));
            ZipArchiveEntry entry =
                archive.GetEntry(ArchivedWeights) ?? throw new FormatException($"the archive has no {ArchivedWeights}");
            // Keras does not compress entries, so none is larger than the file.
            if (entry.Length != entry.CompressedLength || entry.Length > LongestFile)
            {
                throw new FormatException($"its {ArchivedWeights} is compressed or too long");
            }

            byte[] unpacked = new byte[entry.Length];
            BoundedZip.Read(entry, unpacked);
            return unpacked;
        }

        return new FileInfo(file).Length <= LongestFile
            ? File.ReadAllBytes(file)
            : throw new FormatException("it is too long");
    }

    private static KerasModel Read(IH5Group root, BoundedStream file)
    {
        IH5Group group = Has(root, LayerNames) || !root.LinkExists(ModelWeights) ? root : root.Group(ModelWeights);
        long left = file.Length;
        if (Has(group, LayerNames))
        {
            return KerasModel.Of(
                Listed(group, file, ref left),
                part => part.Length == 0 ? KerasOrder.List : KerasOrder.Creation
            );
        }

        List<(string, KerasLayer)> layers = [];
        CollectNumbered(root, part: "", depth: 0, layers, file, ref left);
        if (layers.Count == 0)
        {
            string[] names = [.. root.Children().Take(MostNames).Select(child => Clipped.To(LongestName, child.Name))];
            throw new FormatException($"it contains {Listing.Words(names, shown: 3)}, but no layers with weights");
        }

        return KerasModel.Of(layers, _ => KerasOrder.Model);
    }

    /// <summary>Reads the layers of a list, and those of models that are used as a layer: each of these is a part.</summary>
    private static List<(string Part, KerasLayer Layer)> Listed(IH5Group group, BoundedStream file, ref long left)
    {
        List<(string, KerasLayer)> layers = [];
        foreach (string name in Names(group, LayerNames))
        {
            IH5Group layer = group.Group(name);
            var weights = new List<(string Owner, string Kind, KerasTensor Tensor)>();
            foreach (string weight in Names(layer, WeightNames).Where(weight => !IsCounter(layer.Dataset(weight))))
            {
                string owner = weight[..Math.Max(0, weight.LastIndexOf('/'))];
                weights.Add((owner, Kind(weight), Tensor(layer.Dataset(weight), weight, file, ref left)));
            }

            var owners = weights.GroupBy(weight => weight.Owner, StringComparer.Ordinal).ToList();
            string part = owners.Count > 1 ? name : "";
            layers.AddRange(
                owners.Select(owner =>
                    (
                        part,
                        new KerasLayer(
                            part.Length == 0 ? name : owner.Key,
                            owner.ToDictionary(weight => weight.Kind, weight => weight.Tensor, StringComparer.Ordinal)
                        )
                    )
                )
            );
        }

        return layers;
    }

    /// <summary>Reads the convolutions, batch norms and other layers below a group; each group of layers is a part.</summary>
    private static void CollectNumbered(
        IH5Group group,
        string part,
        int depth,
        List<(string Part, KerasLayer Layer)> layers,
        BoundedStream file,
        ref long left
    )
    {
        foreach (IH5Group child in depth == Deepest ? [] : group.Children().OfType<IH5Group>().Take(MostNames))
        {
            if (child.Name is Variables or "optimizer")
            {
                continue;
            }

            List<KerasTensor> variables = child.LinkExists(Variables)
                ? Numbered(child.Group(Variables), $"{part}/{child.Name}", file, ref left)
                : [];
            if (variables.Count > 0)
            {
                layers.Add((part, new KerasLayer(child.Name, Roles(child.Name, variables))));
            }

            CollectNumbered(child, $"{part}/{child.Name}", depth + 1, layers, file, ref left);
        }
    }

    private static List<KerasTensor> Numbered(IH5Group variables, string name, BoundedStream file, ref long left)
    {
        List<KerasTensor> tensors = [];
        for (int i = 0; variables.LinkExists(Digits.Of(i)); i++)
        {
            IH5Dataset set = variables.Dataset(Digits.Of(i));
            if (!IsCounter(set))
            {
                tensors.Add(Tensor(set, $"{name}/{i}", file, ref left));
            }
        }

        return tensors;
    }

    /// <summary>Names the variables of a layer, which Keras 3 only counts: those that are trained come first.</summary>
    private static Dictionary<string, KerasTensor> Roles(string layer, List<KerasTensor> variables)
    {
        string[] roles = layer.StartsWith(KerasLayer.Norm, StringComparison.Ordinal)
            ? variables.Count == 4
                ? ["gamma", "beta", "moving_mean", "moving_variance"]
                : ["beta", "moving_mean", "moving_variance"]
            : layer.StartsWith(KerasLayer.Convolution, StringComparison.Ordinal)
            || layer.StartsWith("dense", StringComparison.Ordinal)
                ? ["kernel", "bias"]
                : [];
        return variables
            .Select((tensor, i) => (Role: i < roles.Length ? roles[i] : Digits.Of(i), tensor))
            .ToDictionary(v => v.Role, v => v.tensor, StringComparer.Ordinal);
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
        long left = MostWork * (long)content.Length;
        for (int at = rest.IndexOf(Heap); at >= 0; at = rest.IndexOf(Heap))
        {
            rest = rest[at..];
            left -= CheckHeap(rest);
            if (left < 0)
            {
                throw new FormatException("its heaps overlap");
            }

            rest = rest[Heap.Length..];
        }
    }

    /// <summary>Returns the length of the heap.</summary>
    private static int CheckHeap(ReadOnlySpan<byte> heap)
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

        return (int)length;
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
                .Select(i => list + Digits.Of(i))
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

    /// <summary>
    /// Whether it is the state of a random generator, as of Dropout and RandomFlip, or a count, as of Normalization.
    /// Smaller integers are quantized weights.
    /// </summary>
    private static bool IsCounter(IH5Dataset set) =>
        set.Type.Class == H5DataTypeClass.FixedPoint && set.Type.Size >= sizeof(int);

    private static KerasTensor Tensor(IH5Dataset set, string name, BoundedStream file, ref long left)
    {
        if (set.Type.Class != H5DataTypeClass.FloatingPoint || set.Type.Size != sizeof(float))
        {
            throw new FormatException($"weight {name} is not float32");
        }

        if (set.Layout.Class == H5DataLayoutClass.VirtualStorage)
        {
            throw new FormatException($"weight {name} is stored in another file");
        }

        if (Array.Exists(set.Space.Dimensions, size => size > int.MaxValue))
        {
            throw new FormatException($"weight {name} has an impossible shape");
        }

        // Weights hardly compress, so a valid file has at most as many bytes of weights as its length.
        ulong count = Count(set.Space.Dimensions);
        left -= count <= (ulong)left ? (long)count * sizeof(float) : left + 1;
        if (left < 0)
        {
            throw new FormatException($"weight {name} lies outside the file");
        }

        long before = file.BytesRead;
        float[] values = count == 0 ? [] : set.Read<float[]>();
        return file.BytesRead - before >= (long)count * sizeof(float)
            ? new KerasTensor([.. set.Space.Dimensions.Select(d => (long)d)], values)
            : throw new FormatException($"weight {name} lies outside the file or is compressed");
    }

    private static ulong Count(ulong[] dimensions) =>
        dimensions.Aggregate(1UL, (product, size) => (ulong)UInt128.Min((UInt128)product * size, ulong.MaxValue));
}
