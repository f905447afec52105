namespace BreakHis.Audit;

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
