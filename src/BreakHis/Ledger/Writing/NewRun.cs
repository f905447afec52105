using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Ledger.Writing;

/// <summary>Everything that the ledger records about a run before its first step.</summary>
/// <param name="SpecJson">The plan's spec, as canonical JSON.</param>
/// <param name="PlanJson">The plan without its images, as canonical JSON.</param>
/// <param name="Provenance">The origins of code, machine and software; names must be unique.</param>
/// <param name="SplitChecks">The leak checks of its split; names must be unique.</param>
/// <param name="Process">The process that works on the run.</param>
/// <param name="Id">Ten lower-case hexadecimal characters that are new to the ledger; null draws them at
/// random.</param>
internal sealed record NewRun(
    Plan Plan,
    string SpecJson,
    string PlanJson,
    IReadOnlyList<ProvenanceEntry> Provenance,
    IReadOnlyList<LeakCheck> SplitChecks,
    RunProcess Process,
    DateTimeOffset StartedAt,
    string? Id = null
);
