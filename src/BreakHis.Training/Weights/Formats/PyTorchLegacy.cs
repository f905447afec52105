using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Reads the format of torch.save before PyTorch 1.6, which torchvision's older files have: five pickles in sequence (a
/// magic number, a version, machine facts, the state dictionary, the storages' keys), then the storages in the order of
/// the keys, each preceded by its length. Format: torch/serialization.py, _legacy_save.
/// </summary>
internal static class PyTorchLegacy
{
    private const long Version = 1001;

    /// <summary>How many bytes <see cref="Begins"/> needs.</summary>
    public const int StartBytes = 32;

    /// <summary>The magic number in the pickle with which every such file begins.</summary>
    private static readonly BigInteger Magic = BigInteger.Parse(
        "1950a86a20f9469cfc6c",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture
    );

    /// <summary>The first bytes of the magic number in a pickle: opcode, length and some of the number.</summary>
    private static readonly byte[] MagicStart = [0x8a, 10, .. Magic.ToByteArray().AsSpan(0, 5)];

    /// <summary>Whether a file with these first bytes appears to have this format, in any protocol of pickles.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) =>
        start is [0x80, ..] && start[..Math.Min(start.Length, StartBytes)].IndexOf(MagicStart) > 0;

    /// <summary>Reads the state dictionary, in the current dispose scope.</summary>
    public static PyTorchContent Read(FileStream file)
    {
        byte[] start = new byte[Math.Min(file.Length, PyTorchFile.LongestPickle)];
        file.ReadExactly(start);
        ReadOnlySpan<byte> rest = start;
        if (Next(ref rest).Root is not BigInteger magic || magic != Magic)
        {
            throw new FormatException("its magic number is incomplete");
        }

        if (Next(ref rest).Root is not Version)
        {
            throw new FormatException($"its version is not {Version}");
        }

        CheckByteOrder(Next(ref rest).Root);
        PickledValue saved = Next(ref rest);
        object? keys = Next(ref rest).Root;
        file.Position = start.Length - rest.Length;
        var state = PickledState.In(saved);
        // The dictionary comes first: it has the types, which the storages lack.
        Dictionary<string, PickledStorage> known = [];
        foreach (PickledStorage storage in saved.Storages)
        {
            known.TryAdd(storage.Key, storage);
        }

        var needed = state.Tensors.Select(t => t.Tensor.Storage.Key).ToHashSet(StringComparer.Ordinal);
        Dictionary<string, Tensor> read = ReadStorages(file, keys, known, needed);
        return PyTorchFile.Views(
            state,
            s => read.GetValueOrDefault(s.Key) ?? throw new FormatException($"it has no storage {s.Key}")
        );
    }

    private static PickledValue Next(ref ReadOnlySpan<byte> rest)
    {
        PickledValue value = Pickle.Load(rest);
        rest = rest[value.Length..];
        return value;
    }

    private static void CheckByteOrder(object? machine)
    {
        if (
            machine is not PickledDictionary facts
            || !facts.Items.Exists(f => f is { Key: "little_endian", Value: true })
        )
        {
            throw new FormatException("its numbers are not little-endian");
        }
    }

    private static Dictionary<string, Tensor> ReadStorages(
        FileStream file,
        object? keys,
        Dictionary<string, PickledStorage> known,
        HashSet<string> needed
    )
    {
        if (keys is not List<object?> list)
        {
            throw new FormatException("it has no list of storages");
        }

        var read = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        HashSet<string> seen = [];
        foreach (object? key in list)
        {
            if (key is not string name || !known.TryGetValue(name, out PickledStorage? storage))
            {
                throw new FormatException($"its storage '{key}' belongs to no tensor");
            }

            if (!seen.Add(name))
            {
                throw new FormatException($"it has the storage {name} twice");
            }

            if (ReadStorage(file, storage, needed.Contains(name)) is { } flat)
            {
                read.Add(name, flat);
            }
        }

        return read;
    }

    /// <summary>Reads a storage, or skips it and returns null if it is not needed.</summary>
    private static Tensor? ReadStorage(FileStream file, PickledStorage storage, bool isNeeded)
    {
        (ScalarType type, int width) = PyTorchFile.StorageTypes[storage.Type];
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        file.ReadExactly(prefix);
        long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (count != storage.Count)
        {
            throw new FormatException(
                $"storage {storage.Key} has {Plural.Of(count, "number")}, expected {storage.Count}"
            );
        }

        if (count < 0 || count > (file.Length - file.Position) / width)
        {
            throw new FormatException($"it is truncated; storage {storage.Key} is not complete");
        }

        if (!isNeeded)
        {
            file.Position += count * width;
            return null;
        }

        Tensor flat = empty([count], type);
        file.ReadExactly(count > 0 ? flat.bytes : []);
        return flat;
    }
}
