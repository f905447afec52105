using System.Globalization;
using BreakHis.Ledger.Reading;

namespace BreakHis.Audit.Inputs;

/// <summary>Single facts of a record.</summary>
internal static class RecordedFacts
{
    /// <summary>What was recorded under a name, or null.</summary>
    /// <param name="name">The name, such as git.commit.</param>
    public static string? Fact(this RecordedRun run, string name) =>
        run.Provenance.FirstOrDefault(entry => entry.Name == name)?.Value;

    /// <summary>The device that the run computed on.</summary>
    public static string Device(this RecordedRun run) => RecordedPlan.OrNull(run.Plan)?.Device ?? "cpu";

    /// <summary>The number of threads that the run computed with.</summary>
    public static string Threads(this RecordedRun run) =>
        RecordedPlan.OrNull(run.Plan)?.Threads?.ToString(CultureInfo.InvariantCulture) ?? "";
}
