namespace BreakHis.Runs;

/// <summary>A place in a run from which it can resume, and the files with its complete state.</summary>
/// <param name="Epoch">The number of finished epochs.</param>
/// <param name="Step">The number of finished steps of the current epoch.</param>
/// <param name="State">Weights, moving statistics, the optimizer's state and the scores of the epoch so far.</param>
/// <param name="Best">The weights of the best epoch so far; null if there is none yet or if the last epoch is
/// kept.</param>
public sealed record Checkpoint(string Stage, int Epoch, int Step, HashedFile State, HashedFile? Best);

/// <summary>A file of a run folder, with its hash.</summary>
/// <param name="Path">The path in the run folder, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
public sealed record HashedFile(string Path, string Sha256, long Bytes);

/// <summary>The place where an interrupted run resumes.</summary>
/// <param name="Stage">The stage to resume; earlier stages are finished. Null if all stages are finished.</param>
/// <param name="Checkpoint">The stage's checkpoint, or null to start at its beginning.</param>
/// <param name="Epochs">The recorded epochs of the stage up to the checkpoint, in order, with which the files are
/// compared.</param>
internal sealed record ResumePoint(string? Stage, Checkpoint? Checkpoint, IReadOnlyList<EpochEnded> Epochs)
{
    /// <summary>The beginning of a stage, or, for null, the end of the run.</summary>
    public static ResumePoint At(string? stage) => new(stage, null, []);
}
