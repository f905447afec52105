namespace BreakHis.Audit;

/// <summary>How deep a check goes.</summary>
internal enum AuditLevel
{
    /// <summary>Whether the record is whole and agrees with itself.</summary>
    Record,

    /// <summary>Whether the files of the run are as recorded.</summary>
    Artifacts,

    /// <summary>Whether what the run was made from is still there, as recorded.</summary>
    Inputs,

    /// <summary>Whether the run comes out again.</summary>
    Rerun,
}

/// <summary>What a check came to.</summary>
internal enum AuditOutcome
{
    /// <summary>It holds.</summary>
    Pass,

    /// <summary>It does not hold.</summary>
    Fail,

    /// <summary>It cannot be told here; the reason says why.</summary>
    Inconclusive,
}

/// <summary>One thing that was checked of a past run, or of the ledger.</summary>
/// <param name="Name">What was checked, in a word or two that stay the same, such as "chain" or "artifact hashes".</param>
/// <param name="Run">The run's id; null where it is about the whole ledger.</param>
/// <param name="Reason">Why, in one line that names the place.</param>
internal sealed record AuditCheck(AuditLevel Level, string Name, string? Run, AuditOutcome Outcome, string Reason);
