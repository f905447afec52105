using System.Text.Json;
using System.Text.Json.Serialization;

namespace BreakHis.Runs;

/// <summary>A named part of a step, by its hash.</summary>
/// <param name="Name">The module, or the tensor as checkpoints name it.</param>
/// <param name="Sha256">SHA-256 over type, shape and bytes.</param>
public sealed record TracedPart(string Name, string Sha256);

/// <summary>
/// All that a training step works on, by hashes, in the order in which it is computed. Two runs are compared by it within
/// an epoch.
/// </summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The step in it, from 1.</param>
/// <param name="Images">The content hashes of the images, in order.</param>
/// <param name="Inputs">SHA-256 of the inputs made of them: read, resized, changed and prepared, or their features.</param>
/// <param name="DropoutSeed">The seed that torch's own generator was given.</param>
/// <param name="Modules">The output of each module, in the order in which they ran.</param>
/// <param name="Loss">The loss, in the shortest digits that give the same number.</param>
/// <param name="Gradients">The gradient of each trained parameter.</param>
/// <param name="State">After the update: each trained parameter and moving statistic, and the optimizer's state.</param>
public sealed record TracedStep(
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
    /// <summary>The steps of a trace file, a line each.</summary>
    /// <exception cref="JsonException">A line is no step, such as one that a killed process left unfinished.</exception>
    public static IEnumerable<TracedStep> Read(string file) =>
        File.ReadLines(file).Select(line => JsonSerializer.Deserialize(line, TraceJson.Default.TracedStep)!);

    /// <summary>The step as a line of JSON.</summary>
    public string Line() => JsonSerializer.Serialize(this, TraceJson.Default.TracedStep);
}

/// <summary>The JSON of a trace.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TracedStep))]
internal sealed partial class TraceJson : JsonSerializerContext;
