using BreakHis.Wording;

namespace BreakHis.Audit;

/// <summary>What a check came to, and why; it becomes an <see cref="AuditCheck"/> once it has a name.</summary>
/// <param name="Reason">Why, in one line.</param>
internal sealed record CheckResult(AuditOutcome Outcome, string Reason)
{
    /// <summary>So that a ledger that is wrong everywhere still has a report that can be read.</summary>
    private const int Most = 20;

    public static CheckResult Pass(string reason) => new(AuditOutcome.Pass, reason);

    public static CheckResult Fail(string reason) => new(AuditOutcome.Fail, reason);

    public static CheckResult Inconclusive(string reason) => new(AuditOutcome.Inconclusive, reason);

    /// <summary>A failure for each finding, or one pass.</summary>
    /// <param name="findings">What is wrong, a line each.</param>
    /// <param name="passed">What holds where nothing is wrong.</param>
    public static IReadOnlyList<CheckResult> Of(IEnumerable<string> findings, string passed)
    {
        string[] found = [.. findings];
        IEnumerable<string> shown =
            found.Length > Most
                ? [.. found.Take(Most), $"and {Plural.Of(found.Length - Most, "more finding")}"]
                : found;
        return found.Length == 0 ? [Pass(passed)] : [.. shown.Select(Fail)];
    }

    public AuditCheck As(AuditLevel level, string name, string? run) =>
        new(level, name, run, Outcome, Reason.ReplaceLineEndings(" ").Trim());
}

/// <summary>Several results of one check.</summary>
internal static class CheckResults
{
    public static IReadOnlyList<AuditCheck> As(
        this IReadOnlyList<CheckResult> results,
        AuditLevel level,
        string name,
        string? run
    ) => [.. results.Select(result => result.As(level, name, run))];
}
