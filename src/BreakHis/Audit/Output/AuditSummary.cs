namespace BreakHis.Audit.Output;

/// <summary>The results of an audit.</summary>
/// <param name="Checks">The checks, grouped by run.</param>
internal sealed record AuditSummary(int Passed, int Failed, int Inconclusive, IReadOnlyList<AuditEntry> Checks)
{
    /// <summary>Counts checks by outcome.</summary>
    public static AuditSummary Of(IReadOnlyList<AuditEntry> checks) =>
        new(
            checks.Count(check => check.Outcome == AuditOutcome.Pass),
            checks.Count(check => check.Outcome == AuditOutcome.Fail),
            checks.Count(check => check.Outcome == AuditOutcome.Inconclusive),
            checks
        );
}
