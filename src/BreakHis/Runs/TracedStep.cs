using System.Text.Json;
using System.Text.Json.Serialization;
using BreakHis.Files;

namespace BreakHis.Runs;

/// <summary>A named part of a step, with its hash.</summary>
/// <param name="Name">The name of the module, or of the tensor as in checkpoints.</param>
/// <param name="Sha256">SHA-256 over type, shape and bytes.</param>
internal sealed record TracedPart(string Name, string Sha256);

/// <summary>
/// The hashes of everything that a training step computes, in computation order. They locate the first difference of
/// two runs within an epoch.
/// </summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Step">The step in the epoch, counted from 1.</param>
/// <param name="Images">The content hashes of the images, in order.</param>
/// <param name="Inputs">SHA-256 of the network's inputs: the decoded, resized, augmented and preprocessed images, or
/// their features.</param>
/// <param name="DropoutSeed">The seed passed to torch's own generator.</param>
/// <param name="Modules">The output of each module, in execution order.</param>
/// <param name="Loss">The loss, in the fewest digits that round-trip.</param>
/// <param name="Gradients">The gradient of each trained parameter.</param>
/// <param name="State">The state after the update: each trained parameter and moving statistic, and the optimizer's
/// state.</param>
internal sealed record TracedStep(
    int Epoch,
    int Step,
    IReadOnlyList<string> Images,
    string Inputs,
    string DropoutSeed,
    IReadOnlyList<TracedPart> Modules,
    string Loss,
    IReadOnlyList<TracedPart> Gradients,
    IReadOnlyList<TracedPart> State
)
{
    /// <summary>Reads the steps of a trace file, one per line.</summary>
    /// <exception cref="IOException">The file cannot be read, or a line is too long.</exception>
    /// <exception cref="JsonException">A line is not a valid step, for example because the process was killed while
    /// writing it.</exception>
    public static IEnumerable<TracedStep> Read(string file) =>
        BoundedLines
            .Of(file)
            .Select(line =>
                JsonSerializer.Deserialize(line, TraceJson.Default.TracedStep)
                ?? throw new JsonException("a step is null")
            );

    /// <summary>Returns the step as one line of JSON.</summary>
    public string Line() => JsonSerializer.Serialize(this, TraceJson.Default.TracedStep);
}

/// <summary>The JSON serializer of traces.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(TracedStep))]
internal sealed partial class TraceJson : JsonSerializerContext;
