namespace BreakHis.Runs;

/// <summary>A place in a run from which it can go on, and the files that hold all of its state there.</summary>
/// <param name="Stage">bottleneck or fine_tune.</param>
/// <param name="Epoch">Epochs that have ended.</param>
/// <param name="Step">Steps done of the epoch after those.</param>
/// <param name="State">Weights, moving statistics, the optimizer's state, early stopping and the scores of the epoch so far.</param>
/// <param name="Best">The weights of the best epoch so far; null where there is none yet or the last epoch is kept.</param>
public sealed record Checkpoint(string Stage, int Epoch, int Step, HashedFile State, HashedFile? Best);

/// <summary>A file of a run folder by its content.</summary>
/// <param name="Path">Path in the run folder, forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Bytes">Its length.</param>
public sealed record HashedFile(string Path, string Sha256, long Bytes);

/// <summary>Where an interrupted run goes on.</summary>
/// <param name="Stage">The stage; those before it have ended. Null where all have.</param>
/// <param name="Checkpoint">The checkpoint in it, or null for its beginning.</param>
public sealed record ResumePoint(string? Stage, Checkpoint? Checkpoint);
