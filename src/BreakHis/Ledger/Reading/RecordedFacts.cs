using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Specs;
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

    /// <summary>Returns the name of the run's last stage, begun or not.</summary>
    public static string LastStage(this RecordedRun run) =>
        RecordedPlan.OrNull(run.Plan)?.Stages is [.., (var name, _)] ? name : StageNames.Bottleneck;

    /// <summary>Returns what an image has in common with the same image of another run: path and content.</summary>
    public static string Identity(this PlannedImage image) => $"{image.Path}\n{image.Sha256}";

    /// <summary>Returns the number of threads that computed the run.</summary>
    public static string Threads(this RecordedRun run) =>
        RecordedPlan.OrNull(run.Plan)?.Threads is int threads ? Digits.Of(threads) : "";
}
