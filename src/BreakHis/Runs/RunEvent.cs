using System.Text.Json.Serialization;
using BreakHis.Plans;

namespace BreakHis.Runs;

/// <summary>An event of a run; events arrive in the order in which they happen.</summary>
public abstract record RunEvent;

/// <summary>A stage starts.</summary>
/// <param name="Stage">bottleneck or fine_tune.</param>
public sealed record StageStarted(string Stage) : RunEvent;

/// <summary>What a stage is doing.</summary>
public enum StageActivity
{
    /// <summary>Waiting for another process that computes the same features.</summary>
    Waiting,

    /// <summary>Computing features.</summary>
    Features,

    /// <summary>Training.</summary>
    Training,

    /// <summary>Computing validation scores.</summary>
    Validation,

    /// <summary>Classifying the test images.</summary>
    Test,
}

/// <summary>The progress of an activity; shown but not recorded.</summary>
/// <param name="Epoch">The epoch in progress, from 1; 0 outside of training.</param>
/// <param name="Done">The number of images done, over all epochs of a stage.</param>
/// <param name="Total">The maximum number of images; a stage may stop early.</param>
public sealed record Progressed(string Stage, StageActivity Activity, int Epoch, long Done, long Total) : RunEvent;

/// <summary>Features were read from the cache, or computed and cached.</summary>
/// <param name="Key">The hash of everything that determines the features.</param>
/// <param name="FromCache">Whether the features were already cached.</param>
/// <param name="Sha256">SHA-256 of the feature file.</param>
public sealed record FeaturesReady(string Stage, string Key, bool FromCache, string Sha256) : RunEvent;

/// <summary>An epoch ended. Epoch 0 is the state before the first update.</summary>
/// <param name="Epoch">The epoch, counted from 1; 0 before the first update.</param>
/// <param name="Train">Mean scores over the epoch's steps, in training mode; null for epoch 0.</param>
/// <param name="Validation">Scores on the validation images after the epoch, in inference mode.</param>
/// <param name="Seconds">The duration of the epoch in seconds, including validation.</param>
/// <param name="ImagesPerSecond">Training images per second, excluding validation; 0 for epoch 0.</param>
/// <param name="IsBest">Whether the epoch is the best so far by the monitored metric.</param>
/// <param name="OrderSha256">SHA-256 over the content hashes of the images in training order; null for epoch 0 and in
/// records of older tools.</param>
/// <param name="StateSha256">SHA-256 over all weights, moving statistics and the optimizer's state after the epoch;
/// null in records of older tools.</param>
public sealed record EpochEnded(
    string Stage,
    int Epoch,
    Scores? Train,
    Scores Validation,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond,
    bool IsBest,
    string? OrderSha256,
    string? StateSha256
) : RunEvent;

/// <summary>A checkpoint was written to the run folder.</summary>
/// <param name="Checkpoint">The files and their place in the run.</param>
public sealed record CheckpointWritten(Checkpoint Checkpoint) : RunEvent;

/// <summary>A file was written to the run folder.</summary>
/// <param name="Name">The name, such as "bottleneck/best".</param>
/// <param name="Path">The path in the run folder, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
public sealed record ArtifactWritten(string Stage, string Name, string Path, string Sha256, long Bytes) : RunEvent;

/// <summary>The prediction of the kept weights for a validation or test image.</summary>
/// <param name="Image">The index into the plan's images.</param>
/// <param name="Probabilities">One probability per class, in the order of the plan's classes; they sum to one.</param>
public sealed record ImagePredicted(string Stage, int Image, IReadOnlyList<float> Probabilities) : RunEvent
{
    /// <summary>The predicted class.</summary>
    [JsonIgnore]
    public int Predicted => MostProbable([.. Probabilities]);

    /// <summary>Returns the class with the largest probability, the first one if several are equal.</summary>
    public static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        int largest = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            largest = probabilities[i] > probabilities[largest] ? i : largest;
        }

        return largest;
    }
}

/// <summary>A stage ended.</summary>
/// <param name="KeptEpoch">The epoch whose weights were kept.</param>
/// <param name="StoppedEarly">Whether early stopping ended the stage before the last epoch.</param>
/// <param name="Kept">The scores of the kept weights on the validation images.</param>
public sealed record StageEnded(string Stage, int KeptEpoch, bool StoppedEarly, Scores Kept) : RunEvent
{
    /// <summary>The scores of the kept weights on the test images, or null if there are none.</summary>
    public Scores? Test { get; init; }
}

/// <summary>All stages ended.</summary>
public sealed record RunEnded : RunEvent;

/// <summary>Runs a plan, without writing to the ledger or to the screen.</summary>
/// <param name="from">Where to resume, or null to start. Earlier events are not repeated.</param>
/// <param name="cancellation">Stops the run between two steps.</param>
/// <returns>The events, as they happen.</returns>
internal delegate IAsyncEnumerable<RunEvent> Execute(Plan plan, ResumePoint? from, CancellationToken cancellation);
