using System.Buffers.Binary;
using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Formats;

/// <summary>Reads the weights of a TensorFlow.js layers model.</summary>
internal static class TensorFlowJsModel
{
    /// <summary>Limit of all weights together. Inception V3 has 24 million.</summary>
    private const long MostNumbers = 1 << 27;

    /// <summary>Reads the weights of a manifest by name, as float32 in stored order.</summary>
    /// <param name="file">The file of the manifest.</param>
    public static Dictionary<string, KerasTensor> Read(TensorFlowJsManifest manifest, string file)
    {
        CheckSize(manifest, file);
        var tensors = new Dictionary<string, KerasTensor>(StringComparer.Ordinal);
        foreach (TensorFlowJsGroup group in manifest.Groups)
        {
            Read(group, file, tensors);
        }

        return tensors;
    }

    /// <summary>Quantized numbers take up to four times as much memory as space in a shard.</summary>
    private static void CheckSize(TensorFlowJsManifest manifest, string file)
    {
        var shards = new HashSet<string>(StringComparer.Ordinal);
        if (manifest.Shards.FirstOrDefault(shard => !shards.Add(shard)) is { } twice)
        {
            throw new WeightsException($"{file}: lists the shard {Path.GetFileName(twice)} twice");
        }

        long numbers = FileSizes.Sum(manifest.Weights.Select(weight => Count(weight, file)));
        if (numbers > MostNumbers)
        {
            throw new WeightsException($"{file}: lists {numbers} numbers; at most {MostNumbers} can be read");
        }
    }

    private static void Read(TensorFlowJsGroup group, string file, Dictionary<string, KerasTensor> tensors)
    {
        long expected = group.Weights.Sum(w => Count(w, file) * Width(w, file));
        ReadOnlySpan<byte> bytes = Concatenate(group.Shards, expected, file);
        foreach (TensorFlowJsWeight weight in group.Weights)
        {
            int length = (int)(Count(weight, file) * Width(weight, file));
            if (!tensors.TryAdd(weight.Name, new KerasTensor(weight.Shape, Values(weight, bytes[..length], file))))
            {
                throw new WeightsException($"{file}: lists weight {weight.Name} twice");
            }

            bytes = bytes[length..];
        }
    }

    private static byte[] Concatenate(IReadOnlyList<string> shards, long expected, string file)
    {
        foreach (string shard in shards.Where(s => !File.Exists(s)))
        {
            throw new WeightsException($"{shard}: missing, though {file} lists it");
        }

        long found = FileSizes.Sum(shards.Select(s => new FileInfo(s).Length));
        if (found != expected)
        {
            throw new WeightsException(
                $"{file}: its {Plural.Of(shards.Count, "shard contains", "shards contain")} {Plural.Of(found, "byte")}, expected {expected}; one may be truncated"
            );
        }

        byte[] bytes = new byte[expected];
        int offset = 0;
        foreach (string shard in shards)
        {
            byte[] content = File.ReadAllBytes(shard);
            content.CopyTo(bytes, offset);
            offset += content.Length;
        }

        return bytes;
    }

    private static float[] Values(TensorFlowJsWeight weight, ReadOnlySpan<byte> bytes, string file)
    {
        int width = Width(weight, file);
        float[] values = new float[bytes.Length / width];
        for (int i = 0; i < values.Length; i++)
        {
            double stored = Stored(weight.Stored, bytes.Slice(i * width, width));
            // Computed in double and then rounded, as in TensorFlow.js.
            values[i] = (float)(stored * weight.Scale + weight.Minimum);
        }

        return values;
    }

    private static double Stored(string type, ReadOnlySpan<byte> bytes) =>
        type switch
        {
            "uint8" => bytes[0],
            "uint16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            "float16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            _ => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        };

    private static int Width(TensorFlowJsWeight weight, string file) =>
        weight.Stored switch
        {
            "uint8" => 1,
            "uint16" or "float16" => 2,
            "float32" => 4,
            _ => throw new WeightsException(
                $"{file}: weight {weight.Name} is stored as '{weight.Stored}', expected uint8, uint16, float16 or float32"
            ),
        };

    private static long Count(TensorFlowJsWeight weight, string file)
    {
        const long Most = 1L << 28;
        const int MostDimensions = 32;
        long count = weight.Shape.Length > MostDimensions ? Most + 1 : 1;
        foreach (long size in weight.Shape)
        {
            count = size < 0 || size > Most || count > Most ? Most + 1 : Math.Min(count * Math.Max(1, size), Most + 1);
        }

        return count <= Most
            ? weight.Shape.Contains(0)
                ? 0
                : count
            : throw new WeightsException(
                $"{file}: weight {weight.Name} has the impossible shape [{string.Join(", ", weight.Shape)}]"
            );
    }
}

/// <summary>A tensor in Keras's own layout.</summary>
internal sealed record KerasTensor(long[] Shape, float[] Values);
