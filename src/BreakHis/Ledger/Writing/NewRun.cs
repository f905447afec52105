using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Ledger.Writing;

/// <summary>All that the ledger holds of a run before its first step.</summary>
/// <param name="SpecJson">The plan's spec, canonical JSON.</param>
/// <param name="PlanJson">The plan without its images, canonical JSON.</param>
/// <param name="Provenance">Where code, machine and software come from; each name once.</param>
/// <param name="SplitChecks">The leak checks of its split; each name once.</param>
/// <param name="Process">The process that works on the run.</param>
/// <param name="Id">Ten lower-case hexadecimal characters that the ledger does not have; drawn where null.</param>
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
