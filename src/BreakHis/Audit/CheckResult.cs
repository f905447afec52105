namespace BreakHis.Audit;

/// <summary>What a check came to, and why; it becomes an <see cref="AuditCheck"/> once it has a name.</summary>
/// <param name="Reason">Why, in one line.</param>
internal sealed record CheckResult(AuditOutcome Outcome, string Reason)
{
    public static CheckResult Pass(string reason) => new(AuditOutcome.Pass, reason);

    public static CheckResult Fail(string reason) => new(AuditOutcome.Fail, reason);

    public static CheckResult CannotTell(string reason) => new(AuditOutcome.CannotTell, reason);

    public AuditCheck As(AuditLevel level, string name, string? run) =>
        new(level, name, run, Outcome, Reason.ReplaceLineEndings(" ").Trim());
}
