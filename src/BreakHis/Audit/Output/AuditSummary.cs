namespace BreakHis.Audit.Output;

/// <summary>All that an audit checked.</summary>
/// <param name="Passed">How many checks hold.</param>
/// <param name="Failed">How many do not.</param>
/// <param name="Inconclusive">How many could not be told.</param>
/// <param name="Checks">The checks, those of a run together.</param>
internal sealed record AuditSummary(int Passed, int Failed, int Inconclusive, IReadOnlyList<AuditCheck> Checks)
{
    /// <summary>Counts checks.</summary>
    public static AuditSummary Of(IReadOnlyList<AuditCheck> checks) =>
        new(
            checks.Count(check => check.Outcome == AuditOutcome.Pass),
            checks.Count(check => check.Outcome == AuditOutcome.Fail),
            checks.Count(check => check.Outcome == AuditOutcome.Inconclusive),
            checks
        );
}
