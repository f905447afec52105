using BreakHis.Ledger.Reading;

namespace BreakHis.Comparisons;

/// <summary>Runs that differ only in seed, fold or repetition, and the stage of them that is compared.</summary>
/// <param name="Label">What the comparison calls it.</param>
/// <param name="Stage">bottleneck or fine_tune.</param>
/// <param name="Classes">The classes of its images, in order.</param>
/// <param name="Runs">All of its runs in the ledger, in the order in which they began, finished or not.</param>
internal sealed record Configuration(
    string Label,
    string Stage,
    IReadOnlyList<string> Classes,
    IReadOnlyList<RecordedRun> Runs
);
