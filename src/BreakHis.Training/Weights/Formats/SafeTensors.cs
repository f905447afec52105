using BreakHis.Files;
using BreakHis.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Formats;

/// <summary>The content of a .safetensors file. Owns its tensors.</summary>
/// <param name="Tensors">Tensors by name, on the CPU, in their stored types.</param>
/// <param name="Metadata">Text by name.</param>
internal sealed record SafeTensorsContent(
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, string> Metadata
) : IDisposable
{
    /// <summary>Copies the values into tensors of the same names and shapes, in place.</summary>
    /// <param name="tensors">The tensors, on any device.</param>
    public void CopyTo(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor tensor) in tensors)
        {
            tensor.copy_(
                Tensors.TryGetValue(name, out Tensor? stored) && stored.shape.SequenceEqual(tensor.shape)
                    ? stored
                    : throw new WeightsException(
                        $"the file has no tensor '{name}' of shape [{string.Join(", ", tensor.shape)}]"
                    )
            );
        }
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}

/// <summary>Reads and writes .safetensors files: weights and checkpoints. The same content gives the same bytes.</summary>
internal static class SafeTensors
{
    private const int MostDimensions = 64;

    private static readonly Dictionary<string, (ScalarType Type, int Width)> Types = new(StringComparer.Ordinal)
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["I16"] = (ScalarType.Int16, 2),
        ["I8"] = (ScalarType.Int8, 1),
        ["U8"] = (ScalarType.Byte, 1),
        ["BOOL"] = (ScalarType.Bool, 1),
    };

    /// <summary>Reads a complete file.</summary>
    /// <exception cref="WeightsException">The file is truncated or inconsistent, or has an unknown type.</exception>
    public static SafeTensorsContent Read(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        SafeTensorsContent content = ReadInScope(path);
        foreach (Tensor tensor in content.Tensors.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return content;
    }

    /// <summary>Reads a complete file. The tensors belong to the current dispose scope.</summary>
    internal static SafeTensorsContent ReadInScope(string path) => InScope(path, ReadTensor);

    /// <summary>
    /// Reads the header of a complete file. The tensors have names, shapes and types, but no values, and take no memory.
    /// They belong to the current dispose scope.
    /// </summary>
    internal static SafeTensorsContent ShapesInScope(string path) =>
        InScope(path, (_, entry, type) => empty(entry.Shape, type, device: META));

    private static SafeTensorsContent InScope(string path, Func<FileStream, SafeTensorsEntry, ScalarType, Tensor> read)
    {
        using FileStream stream = File.OpenRead(path);
        var header = SafeTensorsHeader.Read(stream, path);
        var tensors = header.Entries.ToDictionary(
            e => e.Name,
            e => read(stream, e, TypeOf(e, path)),
            StringComparer.Ordinal
        );
        return new SafeTensorsContent(tensors, header.Metadata);
    }

    /// <summary>
    /// Writes a file atomically (<see cref="AtomicFile"/>), with tensors in the order of their names.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="tensors">Tensors by distinct names, on any device, of any type except complex.</param>
    /// <param name="metadata">Text by name, or null.</param>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        (string Name, Tensor Tensor)[] ordered = [.. tensors.OrderBy(t => t.Name, StringComparer.Ordinal)];
        AtomicFile.Write(
            path,
            stream =>
            {
                stream.Write(Header(ordered, metadata).ToBytes());
                foreach ((_, Tensor tensor) in ordered)
                {
                    WriteTensor(stream, tensor);
                }
            }
        );
    }

    private static SafeTensorsHeader Header(
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        List<SafeTensorsEntry> entries = [];
        long place = 0;
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (entries.Count > 0 && entries[^1].Name == name)
            {
                throw new ArgumentException($"Two tensors are named {name}.", nameof(tensors));
            }

            string type = Types.First(t => t.Value.Type == tensor.dtype).Key;
            long end = place + tensor.numel() * tensor.element_size();
            entries.Add(new SafeTensorsEntry(name, type, tensor.shape, place, end));
            place = end;
        }

        return new SafeTensorsHeader(entries, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private static void WriteTensor(Stream stream, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        if (tensor.numel() > 0)
        {
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    private static Tensor ReadTensor(FileStream stream, SafeTensorsEntry entry, ScalarType type)
    {
        Tensor tensor = empty(entry.Shape, type);
        if (entry.End > entry.Begin)
        {
            stream.ReadExactly(tensor.bytes);
        }

        return tensor;
    }

    /// <summary>The type of a tensor that can be read.</summary>
    private static ScalarType TypeOf(SafeTensorsEntry entry, string path)
    {
        if (!Types.TryGetValue(entry.Type, out (ScalarType Type, int Width) stored))
        {
            throw new WeightsException($"{path}: tensor {entry.Name} has the unknown type {entry.Type}");
        }

        long length = entry.End - entry.Begin;
        if (!Holds(entry.Shape, stored.Width, length))
        {
            throw new WeightsException(
                $"{path}: tensor {entry.Name} of shape [{string.Join(", ", entry.Shape)}] and type {entry.Type} does not take {length} bytes"
            );
        }

        if (length > int.MaxValue)
        {
            throw new WeightsException(
                $"{path}: tensor {entry.Name} has {Plural.Bytes(length)}; at most {Plural.Bytes(int.MaxValue)} can be read"
            );
        }

        return stored.Type;
    }

    private static bool Holds(long[] shape, int width, long length)
    {
        if (shape.Length > MostDimensions)
        {
            return false;
        }

        if (shape.Contains(0))
        {
            return length == 0
                && shape.All(s => s >= 0)
                && shape.Aggregate(Int128.One, (product, s) => Int128.Min(product * Math.Max(1, s), long.MaxValue))
                    <= int.MaxValue;
        }

        long count = width;
        foreach (long size in shape)
        {
            if (size < 0 || size > length || count > length)
            {
                return false;
            }

            count *= size;
        }

        return count == length;
    }
}
