using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs.Reading;

namespace BreakHis.Ledger.Reading;

/// <summary>Where a run stands.</summary>
internal enum RunState
{
    /// <summary>Begun and not ended; where no process works on it any more, it was killed.</summary>
    Running,

    /// <summary>All stages ended.</summary>
    Finished,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended by the user.</summary>
    Interrupted,
}

/// <summary>A run's line in a list.</summary>
/// <param name="Name">The spec's name.</param>
/// <param name="Choices">What the spec's matrix chose for it.</param>
/// <param name="StartedAt">UTC, ISO 8601 with seconds and Z.</param>
/// <param name="EndedAt">The same, or null.</param>
/// <param name="LastStage">The last stage that ended; the one begun where none has ended; or null.</param>
/// <param name="LastScores">The last ended stage's kept scores, or null.</param>
internal sealed record RunSummary(
    string Id,
    string Name,
    RunState State,
    long Seed,
    IReadOnlyList<MatrixChoice> Choices,
    string Fingerprint,
    string StartedAt,
    string? EndedAt,
    string? LastStage,
    Scores? LastScores
)
{
    /// <summary>The process that works on the run while it is running, or null.</summary>
    public RunProcess? Process { get; init; }
}

/// <summary>A run as the ledger has it: the only thing that reports are made of.</summary>
/// <param name="Line">Id, name, state, times.</param>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="SpecFile">The spec's file as the user named it.</param>
/// <param name="SpecHash">SHA-256 of the canonical spec.</param>
/// <param name="Spec">The canonical spec, JSON.</param>
/// <param name="Plan">The plan without its images, canonical JSON.</param>
/// <param name="Images">All images of the plan, in its order.</param>
/// <param name="Stages">The stages begun, in order.</param>
/// <param name="Artifacts">The files of the run, in order of path.</param>
/// <param name="Checkpoints">The checkpoints written, in order; the files of old ones are gone.</param>
/// <param name="Provenance">Where code, machine and software come from, name and value, in ordinal order of name.</param>
/// <param name="SplitChecks">The leak checks of its split, in ordinal order of name; none in records of tools without them.</param>
internal sealed record RecordedRun(
    RunSummary Line,
    string? Failure,
    string SpecFile,
    string SpecHash,
    string Spec,
    string Plan,
    IReadOnlyList<string> Classes,
    IReadOnlyList<PlannedImage> Images,
    IReadOnlyList<RecordedStage> Stages,
    IReadOnlyList<ArtifactWritten> Artifacts,
    IReadOnlyList<Checkpoint> Checkpoints,
    IReadOnlyList<ProvenanceEntry> Provenance,
    IReadOnlyList<LeakCheck> SplitChecks
)
{
    /// <summary>Its own records in the ledger's chain; null where it did not come from a ledger.</summary>
    public RunChain? Chain { get; init; }

    /// <summary>The processes that worked on it, in order: one, and another for each time it went on.</summary>
    public IReadOnlyList<RunProcess> Processes { get; init; } = [];
}

/// <summary>A stage as the ledger has it.</summary>
/// <param name="Name">bottleneck or fine_tune.</param>
/// <param name="StartedAt">UTC, ISO 8601.</param>
/// <param name="EndedAt">The same, or null while it has not ended.</param>
/// <param name="Features">The features used, or null where the stage uses none.</param>
/// <param name="Epochs">Its epochs in order, from 0 where the state before training was evaluated.</param>
/// <param name="Predictions">Predictions of the kept weights for the validation images, in order of image.</param>
/// <param name="End">How it ended, or null.</param>
internal sealed record RecordedStage(
    string Name,
    string StartedAt,
    string? EndedAt,
    FeaturesReady? Features,
    IReadOnlyList<EpochEnded> Epochs,
    IReadOnlyList<ImagePredicted> Predictions,
    StageEnded? End
);
