using System.Text.Json.Serialization;

namespace BreakHis.Audit.Output;

/// <summary>The results of an audit.</summary>
/// <param name="Checks">The checks, grouped by run.</param>
internal sealed record AuditSummary(int Passed, int Failed, int Inconclusive, IReadOnlyList<AuditEntry> Checks)
{
    /// <summary>The checks that did not pass, failures first.</summary>
    [JsonIgnore]
    public IEnumerable<AuditEntry> NotPassed =>
        Checks
            .Where(check => check.Outcome != AuditOutcome.Pass)
            .OrderByDescending(check => check.Outcome == AuditOutcome.Fail);

    /// <summary>Counts checks by outcome.</summary>
    public static AuditSummary Of(IReadOnlyList<AuditEntry> checks) =>
        new(
            checks.Count(check => check.Outcome == AuditOutcome.Pass),
            checks.Count(check => check.Outcome == AuditOutcome.Fail),
            checks.Count(check => check.Outcome == AuditOutcome.Inconclusive),
            checks
        );
}
