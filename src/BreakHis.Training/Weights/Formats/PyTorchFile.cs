using System.Collections.Concurrent;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Formats;

/// <summary>The state dictionary of a file.</summary>
/// <param name="Entry">The checkpoint's entry that contains it, such as state_dict; empty if it is the whole file.</param>
/// <param name="Others">The entries with other state dictionaries, which are not read.</param>
/// <param name="Ignored">The names of types and functions that the file asks for and that are ignored.</param>
internal sealed record PyTorchContent(
    IReadOnlyDictionary<string, Tensor> Tensors,
    string Entry,
    IReadOnlyCollection<string> Others,
    IReadOnlyCollection<string> Ignored
);

/// <summary>Reads a file of torch.save, in the format since PyTorch 1.6 (<see cref="PyTorchArchive"/>) or the older one
/// (<see cref="PyTorchLegacy"/>): a state dictionary, alone or as an entry of a checkpoint.
/// </summary>
internal static class PyTorchFile
{
    /// <summary>Limit in bytes. The pickle of Inception V3 has 60,000.</summary>
    public const int LongestPickle = 1 << 24;

    private const int LongestQuoted = 60;

    /// <summary>Each takes some hundreds of bytes of memory. Inception V3 has 600.</summary>
    private const int MostTensors = 100_000;

    /// <summary>Element types and their sizes in bytes, by the part of the storage's name before "Storage".</summary>
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
            ["ComplexFloat"] = (ScalarType.ComplexFloat32, 8),
            ["ComplexDouble"] = (ScalarType.ComplexFloat64, 16),
        };

    /// <summary>
    /// Reads the state dictionary, in the current dispose scope. Its tensors are views of the file's storages, in their
    /// stored types.
    /// </summary>
    public static PyTorchContent Read(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            byte[] start = new byte[PyTorchLegacy.StartBytes];
            int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return PyTorchLegacy.Begins(start.AsSpan(0, length))
                ? PyTorchLegacy.Read(stream)
                : PyTorchArchive.Read(stream);
        }
        catch (Exception e) when (e is not WeightsException)
        {
            // The zip reader throws several types of exceptions for malformed archives.
            throw new WeightsException($"{file}: not a PyTorch state dictionary: {e.Message}", e);
        }
    }

    /// <summary>The tensors of a state dictionary, as views of storages. Each storage is read once.</summary>
    internal static PyTorchContent Views(PickledState state, Func<PickledStorage, Tensor> read)
    {
        if (state.Tensors.Count > MostTensors)
        {
            throw new FormatException($"it has more than {MostTensors} tensors");
        }

        var storages = new ConcurrentDictionary<string, (PickledStorage Storage, Tensor Tensor)>(
            StringComparer.Ordinal
        );
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, PickledTensor tensor) in state.Tensors)
        {
            if (name.Length > Pickle.LongestName)
            {
                throw new FormatException(
                    $"the name of tensor {Clipped.To(LongestQuoted, name)} has more than {Pickle.LongestName} characters"
                );
            }

            PickledStorage storage = tensor.Storage;
            (PickledStorage first, Tensor values) = storages.GetOrAdd(storage.Key, _ => (storage, read(storage)));
            tensors[name] =
                first == storage
                    ? View(tensor, values, name)
                    : throw new FormatException($"storage {storage.Key} is used with different types or lengths");
        }

        return new PyTorchContent(tensors, state.Entry, state.Others, state.Ignored);
    }

    private static Tensor View(PickledTensor tensor, Tensor storage, string name)
    {
        (_, long offset, long[] shape, long[] strides) = tensor;
        if (!Fits(offset, shape, strides, tensor.Storage.Count))
        {
            throw new FormatException(
                $"tensor {name} of shape [{string.Join(", ", shape)}] extends beyond its storage"
            );
        }

        return shape.Contains(0) ? empty(shape, storage.dtype) : storage.as_strided(shape, strides, offset);
    }

    /// <summary>
    /// Whether all elements are inside the storage. Elements may be used several times, as in a tensor that was expanded.
    /// </summary>
    private static bool Fits(long offset, long[] shape, long[] strides, long available)
    {
        if (offset < 0 || shape.Length != strides.Length || strides.Any(stride => stride < 0))
        {
            return false;
        }

        Int128 last = offset;
        Int128 count = 1;
        foreach ((long size, long stride) in shape.Zip(strides))
        {
            if (size is < 0 or > int.MaxValue || count > int.MaxValue)
            {
                return false;
            }

            last += (Int128)Math.Max(0, size - 1) * stride;
            count *= Math.Max(1, size);
        }

        return count <= int.MaxValue && (shape.Contains(0) || last < available);
    }
}
