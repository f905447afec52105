using BreakHis.Data;
using BreakHis.Runs;

namespace BreakHis.Training.Stages;

/// <summary>Where a run finds its pictures and puts its files.</summary>
/// <param name="Home">The home folder, with the cache.</param>
/// <param name="Run">The run's own folder.</param>
/// <param name="Pictures">The pictures.</param>
public sealed record RunPlace(HomeFolder Home, RunFolder Run, PictureSource Pictures);
