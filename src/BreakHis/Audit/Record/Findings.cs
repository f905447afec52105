namespace BreakHis.Audit.Record;

/// <summary>Findings as checks of the record.</summary>
internal static class Findings
{
    /// <summary>So that a ledger that is wrong everywhere still has a report that can be read.</summary>
    private const int Most = 20;

    /// <summary>A failed check for each finding, or one that passed.</summary>
    /// <param name="name">What was checked.</param>
    /// <param name="run">The run, or null.</param>
    /// <param name="findings">What is wrong, a line each.</param>
    /// <param name="passed">What holds where nothing is wrong.</param>
    public static IReadOnlyList<AuditCheck> Checks(
        string name,
        string? run,
        IEnumerable<string> findings,
        string passed
    )
    {
        string[] found = [.. findings];
        if (found.Length == 0)
        {
            return [Check(AuditOutcome.Pass, passed)];
        }

        IEnumerable<string> shown =
            found.Length > Most ? [.. found.Take(Most), $"and {found.Length - Most} findings more"] : found;
        return [.. shown.Select(reason => Check(AuditOutcome.Fail, reason))];

        AuditCheck Check(AuditOutcome outcome, string reason) => new(AuditLevel.Record, name, run, outcome, reason);
    }

    /// <summary>A check that cannot be made here.</summary>
    public static AuditCheck CannotTell(string name, string? run, string reason) =>
        new(AuditLevel.Record, name, run, AuditOutcome.CannotTell, reason);
}
