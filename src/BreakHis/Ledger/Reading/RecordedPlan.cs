using System.Text.Json;
using BreakHis.Files;
using BreakHis.Json;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Ledger.Reading;

/// <summary>
/// A plan as the ledger records it, written by this or an earlier version of <see cref="PlanJson.Of"/>. Missing values
/// are null.
/// </summary>
/// <param name="DeterminingHash">SHA-256 of everything in the plan that determines the result; must equal the
/// fingerprint.</param>
/// <param name="Threads">Number of threads of the numerical library.</param>
/// <param name="Device">The compute device: cpu or cuda.</param>
/// <param name="ContentHash">The hash of the images and their labels.</param>
/// <param name="SplitHash">The hash of the images' sides.</param>
/// <param name="PatientsHash">The hash of the images' patients, if the spec says where paths contain them.</param>
/// <param name="WeightsSha256">SHA-256 of the weights, or none.</param>
/// <param name="Preprocessing">How images are preprocessed before they enter the network, in words.</param>
/// <param name="Bottleneck">The training loop of the bottleneck stage.</param>
/// <param name="LeftOut">What looked like images of the data set but was not used, one line per kind.</param>
/// <param name="LeftOutFiles">The files that were left out, by kind; empty if an earlier version wrote the plan.</param>
/// <param name="WeightsNotes">What a reader should know about how the weights were read, one line each.</param>
/// <param name="Software">Versions and hashes of the software that computed the run, by name.</param>
/// <param name="Determining">Everything that determines the result: dotted path and JSON value, in canonical
/// order.</param>
internal sealed record RecordedPlan(
    string? Fingerprint,
    string? SpecHash,
    string? DeterminingHash,
    long? Seed,
    int? Threads,
    string? Device,
    string? ContentHash,
    string? SplitHash,
    string? PatientsHash,
    string? WeightsSha256,
    string? Preprocessing,
    LoopPlan? Bottleneck,
    FineTunePlan? FineTune,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<(string Kind, IReadOnlyList<string> Paths)> LeftOutFiles,
    IReadOnlyList<string> WeightsNotes,
    IReadOnlyDictionary<string, string> Software,
    IReadOnlyList<(string Path, string Value)> Determining
)
{
    private static readonly RecordShape LoopShape = ShapeReflection.RecordOf(typeof(LoopPlan));

    private static readonly RecordShape FineTuneShape = ShapeReflection.RecordOf(typeof(FineTunePlan));

    private static readonly string[] NotSettings =
    [
        PlanKeys.Data,
        PlanKeys.Device,
        PlanKeys.Patients,
        PlanKeys.Software,
        PlanKeys.Split,
        PlanKeys.Threads,
        PlanKeys.Weights,
    ];

    private static readonly string[] NotConfiguration =
    [
        PlanKeys.Seed,
        PlanKeys.Software,
        PlanKeys.Split,
        PlanKeys.Threads,
    ];

    private static readonly string[] NotExperiment = [PlanKeys.Software, PlanKeys.Threads];

    /// <summary>The stages in execution order, with their names.</summary>
    public IReadOnlyList<(string Name, LoopPlan Loop)> Stages =>
        [
            .. Bottleneck is null ? [] : ((string, LoopPlan)[])[(StageNames.Bottleneck, Bottleneck)],
            .. FineTune is null ? [] : ((string, LoopPlan)[])[(StageNames.FineTune, FineTune.Loop)],
        ];

    /// <summary>The settings, one line each, without data, weights and software.</summary>
    public string Settings => Lines(Determining, NotSettings);

    /// <summary>The facts that define the experiment, one line each, independent of threads and software.</summary>
    public string Experiment => Lines(Determining, NotExperiment);

    /// <summary>
    /// The facts that runs with other seeds, folds, threads and software have in common, one line each. The number of
    /// steps per epoch is not among them, because it can follow from the fold.
    /// </summary>
    public string Configuration =>
        Lines(
            Determining.Where(leaf => !leaf.Path.EndsWith($".{PlanKeys.StepsPerEpoch}", StringComparison.Ordinal)),
            NotConfiguration
        );

    /// <summary>Parses a recorded plan.</summary>
    /// <param name="json">The plan from the run's row.</param>
    /// <exception cref="FormatException">The text is not a plan, or is from a later version.</exception>
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

    /// <summary>Parses a recorded plan; null if it cannot be read.</summary>
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

    private static RecordedPlan Read(JsonElement? plan)
    {
        JsonElement? determining = plan.At(PlanKeys.Determining);
        return new RecordedPlan(
            plan.At(PlanKeys.Fingerprint)?.GetString(),
            plan.At(PlanKeys.SpecHash)?.GetString(),
            determining is null ? null : Sha256Hex.OfText(determining.Value.GetRawText()),
            determining.At(PlanKeys.Seed)?.GetInt64(),
            determining.At(PlanKeys.Threads)?.GetInt32(),
            determining.At(PlanKeys.Device)?.GetString(),
            determining.At(PlanKeys.Data)?.GetString(),
            determining.At(PlanKeys.Split)?.GetString(),
            determining.At(PlanKeys.Patients)?.GetString(),
            determining.At(PlanKeys.Weights)?.GetString(),
            plan.At(PlanKeys.Preprocessing)?.GetString(),
            determining.At(StageNames.Bottleneck) is { } loop ? (LoopPlan)ShapeReader.Read(loop, LoopShape) : null,
            determining.At(StageNames.FineTune) is { } fineTune
                ? (FineTunePlan)ShapeReader.Read(fineTune, FineTuneShape)
                : null,
            Lines(plan.At(PlanKeys.LeftOut)),
            plan.At(PlanKeys.LeftOutFiles) is { } kinds
                ? [.. kinds.EnumerateObject().Select(kind => (kind.Name, (IReadOnlyList<string>)Lines(kind.Value)))]
                : [],
            Lines(plan.At(PlanKeys.WeightsNotes)),
            determining.At(PlanKeys.Software) is { } software
                ? software
                    .EnumerateObject()
                    .ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal)
                : new Dictionary<string, string>(StringComparer.Ordinal),
            determining is null ? [] : [.. Flatten(determining.Value)]
        );
    }

    private static string[] Lines(JsonElement? array) =>
        array is { } texts ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : [];

    /// <summary>Returns the leaves. Earlier versions wrote a block without its key.</summary>
    private static IEnumerable<(string Path, string Value)> Flatten(JsonElement determining) =>
        determining
            .Flatten()
            .Select(leaf =>
                (leaf.Path == PlanKeys.TrainFrom ? $"{leaf.Path}.block" : leaf.Path, leaf.Value.GetRawText())
            );

    private static string Lines(IEnumerable<(string Path, string Value)> facts, string[] without) =>
        string.Join(
            '\n',
            facts
                .Where(leaf => !without.Contains(leaf.Path.Split('.')[0], StringComparer.Ordinal))
                .Select(leaf => $"{leaf.Path} = {leaf.Value}")
        );
}
