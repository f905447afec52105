using System.Text.Json.Serialization;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs.Reading;
using BreakHis.Wording;

namespace BreakHis.Ledger.Reading;

/// <summary>The state of a run.</summary>
internal enum RunState
{
    /// <summary>Started but not ended. If no process works on it any more, it was killed.</summary>
    Running,

    /// <summary>All stages ended.</summary>
    Finished,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended by the user.</summary>
    Interrupted,
}

/// <summary>A run in a list.</summary>
/// <param name="Choices">The values that the spec's matrix chose.</param>
/// <param name="StartedAt">UTC, ISO 8601 with seconds and Z.</param>
/// <param name="EndedAt">In the same format, or null.</param>
/// <param name="LastStage">The last finished stage; if there is none, the stage in progress; or null.</param>
/// <param name="LastScores">The kept scores of the last finished stage, or null.</param>
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
    /// <summary>The last finished stage's scores on the test images, or null if there are none.</summary>
    public Scores? LastTestScores { get; init; }

    /// <summary>The import with which it, or part of its result, came from another ledger, or null.</summary>
    public RunImport? Import { get; init; }

    /// <summary>The last import that brought only notes about it, or null.</summary>
    public RunImport? NotesImport { get; init; }

    /// <summary>Whether it was made in this ledger, and this account began or adopted the ledger.</summary>
    public bool IsMadeHere { get; init; }

    /// <summary>Whether a row of the list is not as it was recorded.</summary>
    public bool IsEdited { get; init; }

    /// <summary>The process that works on the run while it is running, or null.</summary>
    public RunProcess? Process { get; init; }
}

/// <summary>A run as recorded in the ledger, the only source of reports.</summary>
/// <param name="Summary">ID, name, state and times.</param>
/// <param name="Failure">The reason for the failure, or null.</param>
/// <param name="SpecFile">The spec file, as the user named it.</param>
/// <param name="SpecHash">SHA-256 of the canonical spec.</param>
/// <param name="Spec">The canonical spec, as JSON.</param>
/// <param name="Plan">The plan without its images, as canonical JSON.</param>
/// <param name="Images">All images of the plan, in plan order.</param>
/// <param name="Stages">The started stages, in order.</param>
/// <param name="Artifacts">The files of the run, in order of path.</param>
/// <param name="Checkpoints">The checkpoints, in order; the files of earlier ones are deleted.</param>
/// <param name="Provenance">The origins of code, machine and software as names and values, in ordinal order of
/// name.</param>
/// <param name="SplitChecks">The leak checks of its split, in ordinal order of name; empty in records of tools without
/// leak checks.</param>
internal sealed record RecordedRun(
    RunSummary Summary,
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
    /// <summary>The run's own records in the ledger's chain; null if it did not come from a ledger.</summary>
    public RunChain? Chain { get; init; }

    /// <summary>The records whose rows are not as they were recorded, such as "3 (epoch_ended)".</summary>
    public IReadOnlyList<string> EditedRecords { get; init; } = [];

    /// <summary>Returns these records in words, such as "record 3 (epoch_ended)".</summary>
    public string EditedInWords() =>
        $"{Plural.Word(EditedRecords.Count, "record", "records")} {Listing.Words(EditedRecords)}";

    /// <summary>The processes that worked on the run, in order: the first one, and one per resumption.</summary>
    public IReadOnlyList<RunProcess> Processes { get; init; } = [];
}

/// <summary>A stage as recorded in the ledger.</summary>
/// <param name="Name">bottleneck or fine_tune.</param>
/// <param name="StartedAt">UTC, ISO 8601.</param>
/// <param name="EndedAt">In the same format, or null if the stage has not ended.</param>
/// <param name="Features">The features that the stage used, or null if it uses none.</param>
/// <param name="Epochs">The epochs in order, starting with epoch 0 if the state before training was evaluated.</param>
/// <param name="Predictions">The kept weights' predictions for the validation images, in order of image.</param>
/// <param name="End">How the stage ended, or null.</param>
internal sealed record RecordedStage(
    string Name,
    string StartedAt,
    string? EndedAt,
    FeaturesReady? Features,
    IReadOnlyList<EpochEnded> Epochs,
    IReadOnlyList<ImagePredicted> Predictions,
    StageEnded? End
)
{
    /// <summary>The kept weights' predictions for the test images, in order of image.</summary>
    public IReadOnlyList<ImagePredicted> TestPredictions { get; init; } = [];

    /// <summary>The predictions for validation and test images.</summary>
    [JsonIgnore]
    public IEnumerable<ImagePredicted> AllPredictions => Predictions.Concat(TestPredictions);
}
