namespace BreakHis.Ledger.Reading;

/// <summary>The runs of a ledger.</summary>
/// <param name="Runs">The readable runs that match a filter, newest first.</param>
/// <param name="Malformed">The runs whose rows cannot be read, whatever the filter.</param>
/// <param name="Quarantined">The runs in quarantine, in ordinal order of ID.</param>
internal sealed record RunList(
    IReadOnlyList<RunSummary> Runs,
    IReadOnlyList<MalformedRun> Malformed,
    IReadOnlyList<string> Quarantined
);
