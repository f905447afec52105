using System.IO.Compression;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>
/// Reads a state dictionary that torch.save wrote: a zip archive of a pickle (<c>data.pkl</c>) and one entry for each
/// storage (<c>data/0</c> ...), uncompressed. Since PyTorch 1.6; the older form, a bare pickle, is not read.
/// </summary>
internal static class PyTorchFile
{
    private const int LongestPickle = 1 << 26;
    private const string PickleEntry = "/data.pkl";

    /// <summary>Types by the part of their storage's name before "Storage", and the bytes of an element.</summary>
    public static IReadOnlyDictionary<string, (ScalarType Type, int Width)> StorageTypes { get; } =
        new Dictionary<string, (ScalarType Type, int Width)>(StringComparer.Ordinal)
        {
            ["Double"] = (ScalarType.Float64, 8),
            ["Float"] = (ScalarType.Float32, 4),
            ["Half"] = (ScalarType.Float16, 2),
            ["BFloat16"] = (ScalarType.BFloat16, 2),
            ["Long"] = (ScalarType.Int64, 8),
            ["Int"] = (ScalarType.Int32, 4),
            ["Short"] = (ScalarType.Int16, 2),
            ["Char"] = (ScalarType.Int8, 1),
            ["Byte"] = (ScalarType.Byte, 1),
            ["Bool"] = (ScalarType.Bool, 1),
        };

    /// <summary>Tensors by name, views of the file's storages in the types they were stored in, in the running dispose scope.</summary>
    public static Dictionary<string, Tensor> Read(string file)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(file);
            return Read(archive);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or EndOfStreamException)
        {
            throw new WeightsException($"{file}: not a PyTorch state dictionary: {e.Message}", e);
        }
    }

    private static Dictionary<string, Tensor> Read(ZipArchive archive)
    {
        ZipArchiveEntry pickle =
            archive.Entries.FirstOrDefault(e => e.FullName.EndsWith(PickleEntry, StringComparison.Ordinal))
            ?? throw new FormatException("the archive has no data.pkl");
        string folder = pickle.FullName[..^PickleEntry.Length];
        CheckByteOrder(archive, folder);
        byte[] program = new byte[
            pickle.Length <= LongestPickle ? pickle.Length : throw new FormatException("data.pkl is too long")
        ];
        ReadInto(pickle, program);
        if (Pickle.Load(program) is not PickledDictionary dictionary)
        {
            throw new FormatException("the pickle holds no dictionary");
        }

        var storages = new Dictionary<PickledStorage, Tensor>();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is not string name || value is not PickledTensor tensor)
            {
                throw new FormatException($"the entry '{key}' is no tensor; save model.state_dict() and nothing else");
            }

            if (!storages.TryGetValue(tensor.Storage, out Tensor? storage))
            {
                storage = ReadStorage(archive, folder, tensor.Storage);
                storages.Add(tensor.Storage, storage);
            }

            tensors[name] = View(tensor, storage, name);
        }

        return tensors;
    }

    private static void CheckByteOrder(ZipArchive archive, string folder)
    {
        if (archive.GetEntry($"{folder}/byteorder") is { Length: > 0 and < 100 } entry)
        {
            byte[] order = new byte[entry.Length];
            ReadInto(entry, order);
            if (!order.AsSpan().SequenceEqual("little"u8))
            {
                throw new FormatException("its numbers are not little-endian");
            }
        }
    }

    private static Tensor ReadStorage(ZipArchive archive, string folder, PickledStorage storage)
    {
        string name = $"{folder}/data/{storage.Key}";
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new FormatException($"the archive has no {name}");
        (ScalarType type, int width) = StorageTypes[storage.Type];
        // Uncompressed, as torch writes it: so no entry can be larger than the file.
        if (
            entry.Length != entry.CompressedLength
            || entry.Length % width != 0
            || entry.Length / width != storage.Count
        )
        {
            throw new FormatException(
                $"{name} has {entry.Length} bytes, expected {storage.Count} numbers of {width} bytes"
            );
        }

        Tensor flat = empty([storage.Count], type);
        ReadInto(entry, storage.Count > 0 ? flat.bytes : []);
        return flat;
    }

    private static void ReadInto(ZipArchiveEntry entry, Span<byte> target)
    {
        using Stream stream = entry.Open();
        stream.ReadExactly(target);
    }

    private static Tensor View(PickledTensor tensor, Tensor storage, string name)
    {
        (_, long offset, long[] shape, long[] strides) = tensor;
        if (shape.Contains(0))
        {
            throw new FormatException($"tensor {name} is empty");
        }

        return Fits(offset, shape, strides, tensor.Storage.Count)
            ? storage.as_strided(shape, strides, offset)
            : throw new FormatException(
                $"tensor {name} of shape [{string.Join(", ", shape)}] reaches beyond its storage"
            );
    }

    /// <summary>Whether all elements lie in the storage, and are no more than it has.</summary>
    private static bool Fits(long offset, long[] shape, long[] strides, long available)
    {
        bool inRange = shape.Append(offset).All(n => n >= 0 && n <= available) && strides.All(s => s >= 0);
        if (!inRange || shape.Length != strides.Length)
        {
            return false;
        }

        Int128 last = offset;
        Int128 count = 1;
        for (int i = 0; i < shape.Length && count <= available; i++)
        {
            last += (Int128)(shape[i] - 1) * strides[i];
            count *= shape[i];
        }

        return count <= available && last < available;
    }
}
