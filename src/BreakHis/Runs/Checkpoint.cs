using System.Text.Json.Serialization;

namespace BreakHis.Runs;

/// <summary>A place in a run from which it can resume, and the files with its complete state.</summary>
/// <param name="Epoch">The number of finished epochs.</param>
/// <param name="Step">The number of finished steps of the current epoch.</param>
/// <param name="State">Weights, moving statistics, the optimizer's state, early stopping and the scores of the epoch so
/// far.</param>
/// <param name="Best">The weights of the best epoch so far; null if there is none yet or if the last epoch is
/// kept.</param>
public sealed record Checkpoint(string Stage, int Epoch, int Step, HashedFile State, HashedFile? Best)
{
    /// <summary>
    /// The recorded hash of network and optimizer after the last finished epoch, if the checkpoint is from there; else null.
    /// The state that the file contains is compared with it.
    /// </summary>
    [JsonIgnore]
    public string? EpochSha256 { get; init; }
}

/// <summary>A file of a run folder, with its hash.</summary>
/// <param name="Path">The path in the run folder, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
public sealed record HashedFile(string Path, string Sha256, long Bytes);

/// <summary>The place where an interrupted run resumes.</summary>
/// <param name="Stage">The stage to resume; earlier stages are finished. Null if all stages are finished.</param>
/// <param name="Checkpoint">The stage's checkpoint, or null to start at its beginning.</param>
public sealed record ResumePoint(string? Stage, Checkpoint? Checkpoint);
