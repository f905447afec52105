using System.Text.Json.Serialization;
using BreakHis.Plans;

namespace BreakHis.Runs;

/// <summary>What happens in a run, in the order in which it happens.</summary>
public abstract record RunEvent;

/// <summary>A stage begins.</summary>
/// <param name="Stage">bottleneck or fine_tune.</param>
public sealed record StageStarted(string Stage) : RunEvent;

/// <summary>How far an activity has come; shown, not recorded.</summary>
/// <param name="Activity">What is being done, such as "features" or "epoch 3/20".</param>
/// <param name="Done">Images done, over all epochs of a stage.</param>
/// <param name="Total">Images in all, at most: a stage may stop early.</param>
public sealed record Progressed(string Stage, string Activity, long Done, long Total) : RunEvent;

/// <summary>Features were taken from the cache, or computed and put there.</summary>
/// <param name="Key">The cache key.</param>
/// <param name="FromCache">Whether they were there already.</param>
/// <param name="Sha256">SHA-256 of the feature file.</param>
public sealed record FeaturesReady(string Stage, string Key, bool FromCache, string Sha256) : RunEvent;

/// <summary>An epoch has ended. Epoch 0 is the state before the first update.</summary>
/// <param name="Epoch">The epoch, from 1; 0 before the first update.</param>
/// <param name="Train">Means over the epoch's steps, in training mode; null for epoch 0.</param>
/// <param name="Validation">The validation images in inference mode, after the epoch.</param>
/// <param name="LearningRate">The learning rate of the epoch.</param>
/// <param name="Seconds">Seconds that the epoch took, validation included.</param>
/// <param name="ImagesPerSecond">Training images a second, validation not counted; 0 for epoch 0.</param>
/// <param name="IsBest">Whether it is the best so far by the monitored metric.</param>
/// <param name="OrderSha256">
/// SHA-256 over the content hashes of the images in the order they were trained on; null for epoch 0, and in records of
/// tools that did not hash them.
/// </param>
/// <param name="StateSha256">
/// SHA-256 over all weights, moving statistics and the optimizer's state after the epoch; null in records of tools that
/// did not hash them.
/// </param>
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

/// <summary>All that is needed to go on from here was written to the run folder.</summary>
/// <param name="Checkpoint">What was written, and where in the run it stands.</param>
public sealed record CheckpointWritten(Checkpoint Checkpoint) : RunEvent;

/// <summary>A file was written to the run folder.</summary>
/// <param name="Name">What it is, such as "bottleneck/best".</param>
/// <param name="Path">Path in the run folder, forward slashes.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Bytes">Its length.</param>
public sealed record ArtifactWritten(string Stage, string Name, string Path, string Sha256, long Bytes) : RunEvent;

/// <summary>The kept weights' prediction for a validation image.</summary>
/// <param name="Image">Index into the plan's images.</param>
/// <param name="Probabilities">One probability a class, in the order of the plan's classes; they sum to one.</param>
public sealed record ImagePredicted(string Stage, int Image, IReadOnlyList<float> Probabilities) : RunEvent
{
    /// <summary>The class predicted.</summary>
    [JsonIgnore]
    public int Predicted => MostProbable([.. Probabilities]);

    /// <summary>The class with the largest probability, the first of equals.</summary>
    /// <param name="probabilities">One probability per class.</param>
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

/// <summary>A stage has ended.</summary>
/// <param name="KeptEpoch">The epoch whose weights were kept.</param>
/// <param name="StoppedEarly">Whether patience ran out before the last epoch.</param>
/// <param name="Kept">The kept weights' scores on the validation images.</param>
public sealed record StageEnded(string Stage, int KeptEpoch, bool StoppedEarly, Scores Kept) : RunEvent;

/// <summary>All stages have ended.</summary>
public sealed record RunEnded : RunEvent;

/// <summary>Runs a plan. Nothing is written to the ledger here, and nothing is drawn on the screen.</summary>
/// <param name="from">Where to go on; null to begin. Events of what lies before it do not come again.</param>
/// <param name="cancellation">Ends the run between two steps.</param>
/// <returns>The events, as they happen.</returns>
public delegate IAsyncEnumerable<RunEvent> Execute(Plan plan, ResumePoint? from, CancellationToken cancellation);
