using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Formats;

/// <summary>A tensor in a .safetensors file: its type, shape, and byte range after the header.</summary>
internal sealed record SafeTensorsEntry(string Name, string Type, long[] Shape, long Begin, long End);

/// <summary>
/// The header of a .safetensors file: its length in eight bytes (little-endian), then JSON. Format: the README of the
/// safetensors project.
/// </summary>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsEntry> Entries,
    IReadOnlyDictionary<string, string> Metadata
)
{
    private const string MetadataKey = "__metadata__";

    // Inception V3's has 60,000 bytes, and parsing takes thirty times the length.
    private const int LongestHeader = 1 << 24;
    private const int MostTensors = 100_000;
    private const int Alignment = 8;

    /// <summary>Reads the header and leaves the stream at the first byte of the first tensor.</summary>
    public static SafeTensorsHeader Read(Stream stream, string file)
    {
        Span<byte> prefix = stackalloc byte[8];
        long length =
            stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) == 8
                ? BinaryPrimitives.ReadInt64LittleEndian(prefix)
                : -1;
        if (length < 0 || length > stream.Length - stream.Position)
        {
            throw new WeightsException($"{file}: its header does not fit into the file, which may be truncated");
        }

        if (length > LongestHeader)
        {
            throw new WeightsException($"{file}: its header has more than {LongestHeader >> 20} MiB");
        }

        byte[] json = new byte[length];
        stream.ReadExactly(json);
        try
        {
            return Parse(json, stream.Length - stream.Position, file);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new WeightsException($"{file}: its header is not that of a safetensors file: {e.Message}", e);
        }
    }

    /// <summary>
    /// The header's bytes. Keys keep their order; spaces at the end align the tensors to a multiple of eight.
    /// </summary>
    public byte[] ToBytes()
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(writer);
        }

        int padding = (Alignment - (int)(json.Length % Alignment)) % Alignment;
        json.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, json.Length);
        return [.. prefix, .. json.ToArray()];
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Metadata.Count > 0)
        {
            writer.WriteStartObject(MetadataKey);
            foreach ((string key, string value) in Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        foreach (SafeTensorsEntry entry in Entries)
        {
            writer.WriteStartObject(entry.Name);
            writer.WriteString("dtype", entry.Type);
            WriteNumbers(writer, "shape", entry.Shape);
            WriteNumbers(writer, "data_offsets", [entry.Begin, entry.End]);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, long[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static SafeTensorsHeader Parse(byte[] json, long dataLength, string file)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        List<SafeTensorsEntry> entries = [];
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                metadata = property
                    .Value.EnumerateObject()
                    .ToDictionary(p => p.Name, p => p.Value.GetString() ?? "", StringComparer.Ordinal);
            }
            else
            {
                entries.Add(
                    entries.Count < MostTensors
                        ? Entry(property)
                        : throw new FormatException($"it has more than {MostTensors} tensors")
                );
            }
        }

        entries = [.. entries.OrderBy(e => e.Begin).ThenBy(e => e.End)];
        CheckPlaces(entries, dataLength, file);
        return new SafeTensorsHeader(entries, metadata);
    }

    private static SafeTensorsEntry Entry(JsonProperty property)
    {
        long[] offsets = Numbers(property.Value, "data_offsets");
        string type = property.Value.GetProperty("dtype").GetString() ?? "";
        return offsets is [var begin, var end]
            ? new SafeTensorsEntry(property.Name, type, Numbers(property.Value, "shape"), begin, end)
            : throw new FormatException($"tensor {property.Name} has {offsets.Length} data_offsets, expected 2");
    }

    private static long[] Numbers(JsonElement tensor, string name) =>
        [.. tensor.GetProperty(name).EnumerateArray().Select(n => n.GetInt64())];

    /// <summary>
    /// Checks that tensors fill the file from the header to the end without gaps, as the format requires.
    /// </summary>
    private static void CheckPlaces(List<SafeTensorsEntry> entries, long dataLength, string file)
    {
        long place = 0;
        foreach (SafeTensorsEntry entry in entries)
        {
            if (entry.Begin != place || entry.End < entry.Begin)
            {
                throw new WeightsException(
                    $"{file}: tensor {entry.Name} lies at bytes {entry.Begin} to {entry.End}, expected from {place} onwards"
                );
            }

            place = entry.End;
        }

        if (place != dataLength)
        {
            throw new WeightsException(
                $"{file}: contains {Plural.Of(dataLength, "byte")} of tensors, but its header declares {place}; it may be truncated"
            );
        }
    }
}
