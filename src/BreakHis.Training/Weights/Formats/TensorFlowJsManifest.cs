using System.Text.Json;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// The weights section of model.json in a TensorFlow.js layers model. Format: tfjs-core's io/types.ts
/// (WeightsManifestConfig), which its converters write.
/// </summary>
internal sealed record TensorFlowJsManifest(IReadOnlyList<TensorFlowJsGroup> Groups)
{
    /// <summary>Limit in bytes. That of Inception V3 has 200,000.</summary>
    private const int LongestManifest = 1 << 22;

    /// <summary>All weights, in the manifest's order.</summary>
    public IEnumerable<TensorFlowJsWeight> Weights => Groups.SelectMany(g => g.Weights);

    /// <summary>The paths of all shards, in the manifest's order.</summary>
    public IEnumerable<string> Shards => Groups.SelectMany(g => g.Shards);

    /// <summary>Reads the manifest, but no shards.</summary>
    public static TensorFlowJsManifest Read(string file)
    {
        try
        {
            if (new FileInfo(file).Length > LongestManifest)
            {
                throw new FormatException("it is too long");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            string folder = Path.GetDirectoryName(file) ?? "";
            return new TensorFlowJsManifest([
                .. document.RootElement.GetProperty("weightsManifest").EnumerateArray().Select(g => Group(g, folder)),
            ]);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new WeightsException($"{file}: not the model.json of a TensorFlow.js layers model: {e.Message}", e);
        }
    }

    private static TensorFlowJsGroup Group(JsonElement group, string folder)
    {
        string[] shards =
        [
            .. group.GetProperty("paths").EnumerateArray().Select(p => Shard.At(folder, p.GetString() ?? "")),
        ];
        return new TensorFlowJsGroup(shards, [.. group.GetProperty("weights").EnumerateArray().Select(Weight)]);
    }

    private static TensorFlowJsWeight Weight(JsonElement weight)
    {
        string name = weight.GetProperty("name").GetString() ?? "";
        long[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        string type = weight.GetProperty("dtype").GetString() ?? "";
        return weight.TryGetProperty("quantization", out JsonElement quantization)
            ? new TensorFlowJsWeight(name, shape, quantization.GetProperty("dtype").GetString() ?? "")
            {
                Scale = Number(quantization, "scale", 1),
                Minimum = Number(quantization, "min", 0),
            }
            : new TensorFlowJsWeight(name, shape, type);
    }

    private static double Number(JsonElement quantization, string name, double otherwise) =>
        quantization.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;
}

/// <summary>Weights stored in sequence in the concatenation of some files.</summary>
internal sealed record TensorFlowJsGroup(IReadOnlyList<string> Shards, IReadOnlyList<TensorFlowJsWeight> Weights);

/// <summary>
/// A weight. Its value is stored * <see cref="Scale"/> + <see cref="Minimum"/>; <paramref name="Stored"/> is the stored
/// type.
/// </summary>
internal sealed record TensorFlowJsWeight(string Name, long[] Shape, string Stored)
{
    /// <summary>The difference in value between consecutive stored integers.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The value of a stored zero.</summary>
    public double Minimum { get; init; }
}
