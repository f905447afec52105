using BreakHis.Data.Sources;
using BreakHis.Runs;

namespace BreakHis.Training;

/// <summary>Where a run finds images and writes files.</summary>
/// <param name="Home">The home folder, with the cache.</param>
/// <param name="Run">The run's own folder. No other process writes there.</param>
internal sealed record RunContext(
    HomeFolder Home,
    RunFolder Run,
    PictureSource Pictures,
    CheckpointInterval CheckpointInterval
)
{
    /// <summary>
    /// Returns the SHA-256 of the features that a run first recorded under a key, which those in the cache must have;
    /// null if no run has the key.
    /// </summary>
    public Func<string, string?> RecordedFeatures { get; init; } = _ => null;

    /// <summary>Whether to write a trace of each training step.</summary>
    public bool Traced { get; init; }

    /// <summary>Shows a warning of one line while the run continues; called from any thread.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
