using System.Globalization;
using BreakHis.Ledger.Reading;

namespace BreakHis.Audit.Inputs;

/// <summary>Reads single facts from a record.</summary>
internal static class RecordedFacts
{
    /// <summary>Returns the value recorded under a name, or null.</summary>
    /// <param name="name">The name, such as git.commit.</param>
    public static string? Fact(this RecordedRun run, string name) =>
        run.Provenance.FirstOrDefault(entry => entry.Name == name)?.Value;

    /// <summary>Returns the device that computed the run.</summary>
    public static string Device(this RecordedRun run) => RecordedPlan.OrNull(run.Plan)?.Device ?? "cpu";

    /// <summary>Returns the number of threads that computed the run.</summary>
    public static string Threads(this RecordedRun run) =>
        RecordedPlan.OrNull(run.Plan)?.Threads?.ToString(CultureInfo.InvariantCulture) ?? "";
}
