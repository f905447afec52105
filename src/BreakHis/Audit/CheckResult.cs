using BreakHis.Wording;

namespace BreakHis.Audit;

/// <summary>Outcome and reason of a check; with a name it becomes an <see cref="AuditEntry"/>.</summary>
/// <param name="Reason">The reason, on one line.</param>
internal sealed record CheckResult(AuditOutcome Outcome, string Reason)
{
    /// <summary>Keeps the report readable even if everything in the ledger is wrong.</summary>
    private const int Most = 20;

    public static CheckResult Pass(string reason) => new(AuditOutcome.Pass, reason);

    public static CheckResult Fail(string reason) => new(AuditOutcome.Fail, reason);

    public static CheckResult Inconclusive(string reason) => new(AuditOutcome.Inconclusive, reason);

    /// <param name="holds">Null if this could not be found out.</param>
    public static CheckResult Of(bool? holds, string reason) =>
        holds switch
        {
            true => Pass(reason),
            false => Fail(reason),
            null => Inconclusive(reason),
        };

    /// <summary>Returns one failure per finding, or one pass if there are no findings.</summary>
    /// <param name="findings">The faults, one line each.</param>
    /// <param name="passed">The reason for a pass.</param>
    public static IReadOnlyList<CheckResult> Of(IEnumerable<string> findings, string passed)
    {
        string[] found = [.. findings];
        return found.Length == 0 ? [Pass(passed)] : [.. Listing.Lines(found, Most).Select(Fail)];
    }

    public AuditEntry As(AuditLevel level, string name, string? run) =>
        new(level, name, run, Outcome, OneLine.Of(Reason));
}

/// <summary>Combines results of one check.</summary>
internal static class CheckResults
{
    public static IReadOnlyList<AuditEntry> As(
        this IReadOnlyList<CheckResult> results,
        AuditLevel level,
        string name,
        string? run
    ) => [.. results.Select(result => result.As(level, name, run))];
}
