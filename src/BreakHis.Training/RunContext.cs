using BreakHis.Data.Sources;
using BreakHis.Runs;

namespace BreakHis.Training;

/// <summary>Where a run finds its pictures and puts its files.</summary>
/// <param name="Home">The home folder, with the cache.</param>
/// <param name="Run">The run's own folder, in which no other process writes.</param>
/// <param name="CheckpointInterval">How often to write checkpoints.</param>
internal sealed record RunContext(
    HomeFolder Home,
    RunFolder Run,
    PictureSource Pictures,
    CheckpointInterval CheckpointInterval
)
{
    /// <summary>Whether to write a trace of each training step.</summary>
    public bool Traced { get; init; }
}
