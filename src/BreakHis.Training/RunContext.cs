using BreakHis.Data.Sources;
using BreakHis.Runs;

namespace BreakHis.Training;

/// <summary>Where a run finds images and writes files.</summary>
/// <param name="Home">The home folder, with the cache.</param>
/// <param name="Run">The run's own folder. No other process writes there.</param>
/// <param name="CheckpointInterval">How often to write checkpoints.</param>
internal sealed record RunContext(
    HomeFolder Home,
    RunFolder Run,
    PictureSource Pictures,
    CheckpointInterval CheckpointInterval
)
{
    /// <summary>
    /// Returns the SHA-256 of features that runs recorded under a key, of which the cache must have one; none if no run
    /// has the key.
    /// </summary>
    public Func<string, IReadOnlyList<string>> RecordedFeatures { get; init; } = _ => [];

    /// <summary>Whether to write a trace of each training step.</summary>
    public bool Traced { get; init; }

    /// <summary>Shows a warning of one line while the run continues; called from any thread.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
