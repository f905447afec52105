namespace BreakHis.Audit;

/// <summary>The depth of a check.</summary>
internal enum AuditLevel
{
    /// <summary>The record is complete and consistent.</summary>
    Record,

    /// <summary>The files of the run match the record.</summary>
    Artifacts,

    /// <summary>The inputs of the run still match the record.</summary>
    Inputs,

    /// <summary>The run is reproduced.</summary>
    Rerun,
}

/// <summary>The outcome of a check.</summary>
internal enum AuditOutcome
{
    /// <summary>The check passed.</summary>
    Pass,

    /// <summary>The check failed.</summary>
    Fail,

    /// <summary>The check could not decide here; the reason explains why.</summary>
    Inconclusive,
}

/// <summary>A check of a past run or of the ledger.</summary>
/// <param name="Name">The subject, in a word or two that never change, such as "chain" or "artifact hashes".</param>
/// <param name="Run">The run's ID; null if the check is about the ledger.</param>
/// <param name="Reason">The reason on one line, including the place.</param>
internal sealed record AuditCheck(AuditLevel Level, string Name, string? Run, AuditOutcome Outcome, string Reason);
