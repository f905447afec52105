using System.Text.Json;
using BreakHis.Files;
using BreakHis.Json;
using BreakHis.Plans;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Ledger.Reading;

/// <summary>
/// What the ledger has of a plan: what <see cref="PlanJson.Of"/> wrote, now or by an earlier version. What is not there
/// is null.
/// </summary>
/// <param name="Fingerprint">The fingerprint that it names.</param>
/// <param name="SpecHash">The hash of the spec that it names.</param>
/// <param name="DeterminingHash">SHA-256 of all in it that determines the result: what the fingerprint must be.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Threads">Threads of the numerical library.</param>
/// <param name="Device">The device: cpu or cuda.</param>
/// <param name="ContentHash">The hash of the images and their labels.</param>
/// <param name="SplitHash">The hash of the images' sides.</param>
/// <param name="WeightsSha256">SHA-256 of the weights, or none.</param>
/// <param name="Preprocessing">What pictures undergo before the network sees them, in words.</param>
/// <param name="Bottleneck">The training loop of the bottleneck stage.</param>
/// <param name="FineTune">The fine-tune stage.</param>
/// <param name="Software">Versions and hashes of what computed, by name.</param>
/// <param name="Determining">All that determines the result: dotted path and JSON value, in canonical order.</param>
internal sealed record RecordedPlan(
    string? Fingerprint,
    string? SpecHash,
    string? DeterminingHash,
    long? Seed,
    int? Threads,
    string? Device,
    string? ContentHash,
    string? SplitHash,
    string? WeightsSha256,
    string? Preprocessing,
    LoopPlan? Bottleneck,
    FineTunePlan? FineTune,
    IReadOnlyDictionary<string, string> Software,
    IReadOnlyList<(string Path, string Value)> Determining
)
{
    private static readonly RecordShape LoopShape = ShapeReflection.RecordOf(typeof(LoopPlan));

    private static readonly RecordShape FineTuneShape = ShapeReflection.RecordOf(typeof(FineTunePlan));

    private static readonly string[] NotSettings = ["data", "device", "software", "split", "threads", "weights"];

    private static readonly string[] NotExperiment = ["software", "threads"];

    /// <summary>The stages in order, by name.</summary>
    public IReadOnlyList<(string Name, LoopPlan Loop)> Stages =>
        [
            .. Bottleneck is null ? [] : ((string, LoopPlan)[])[(StageNames.Bottleneck, Bottleneck)],
            .. FineTune is null ? [] : ((string, LoopPlan)[])[(StageNames.FineTune, FineTune.Loop)],
        ];

    /// <summary>The settings, a line each: neither data nor weights, nor what computes.</summary>
    public string Settings => Lines(NotSettings);

    /// <summary>What makes it the same experiment, a line each: whatever threads and software compute it.</summary>
    public string Experiment => Lines(NotExperiment);

    /// <summary>Reads a recorded plan.</summary>
    /// <param name="json">The plan of a run's row.</param>
    /// <exception cref="FormatException">It is not a plan, or one of a later version.</exception>
    public static RecordedPlan Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"the plan cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The same, or null where it cannot be read.</summary>
    public static RecordedPlan? OrNull(string json)
    {
        try
        {
            return Parse(json);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static RecordedPlan Read(JsonElement plan)
    {
        JsonElement? determining = At(plan, "determining");
        return new RecordedPlan(
            At(plan, "fingerprint")?.GetString(),
            At(plan, "spec_hash")?.GetString(),
            determining is null ? null : Sha256Hex.OfText(determining.Value.GetRawText()),
            At(determining, "seed")?.GetInt64(),
            At(determining, "threads")?.GetInt32(),
            At(determining, "device")?.GetString(),
            At(determining, "data")?.GetString(),
            At(determining, "split")?.GetString(),
            At(determining, "weights")?.GetString(),
            At(plan, "weights_preprocessing")?.GetString(),
            At(determining, StageNames.Bottleneck) is { } loop ? (LoopPlan)ShapeReader.Read(loop, LoopShape) : null,
            At(determining, StageNames.FineTune) is { } fineTune
                ? (FineTunePlan)ShapeReader.Read(fineTune, FineTuneShape)
                : null,
            At(determining, "software") is { } software
                ? software
                    .EnumerateObject()
                    .ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal),
            determining is null ? [] : [.. Leaves(determining.Value)]
        );
    }

    private static JsonElement? At(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } && json.Value.TryGetProperty(name, out JsonElement value)
            ? value
            : null;

    /// <summary>The leaves; earlier versions wrote a block without its key.</summary>
    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement determining) =>
        determining
            .Flatten()
            .Select(leaf =>
                (leaf.Path == "fine_tune.train_from" ? $"{leaf.Path}.block" : leaf.Path, leaf.Value.GetRawText())
            );

    private string Lines(string[] without) =>
        string.Join(
            '\n',
            Determining
                .Where(leaf => !without.Contains(leaf.Path.Split('.')[0], StringComparer.Ordinal))
                .Select(leaf => $"{leaf.Path} = {leaf.Value}")
        );
}
