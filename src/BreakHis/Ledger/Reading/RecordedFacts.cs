using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Ledger.Reading;

/// <summary>Reads single facts from a record.</summary>
internal static class RecordedFacts
{
    /// <summary>Returns the value recorded under a name, or null.</summary>
    /// <param name="name">The name, such as git.commit.</param>
    public static string? Fact(this RecordedRun run, string name) =>
        run.Provenance.FirstOrDefault(entry => entry.Name == name)?.Value;

    /// <summary>Returns the value recorded under a name; null if there is none, or if it says that there is none.</summary>
    /// <param name="name">The name, such as git.commit.</param>
    public static string? Given(this RecordedRun run, string name) =>
        run.Fact(name) is { } value and not ProvenanceValues.None ? value : null;

    /// <summary>Returns the device that computed the run.</summary>
    public static string Device(this RecordedRun run) => RecordedPlan.OrNull(run.Plan)?.Device ?? DeviceNames.Cpu;

    /// <summary>Returns the number of threads that computed the run.</summary>
    public static string Threads(this RecordedRun run) =>
        RecordedPlan.OrNull(run.Plan)?.Threads is int threads ? Digits.Of(threads) : "";
}
