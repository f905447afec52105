namespace BreakHis.Audit;

/// <summary>What a check came to, and why; it becomes an <see cref="AuditCheck"/> once it has a name.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Reason">Why, in one line.</param>
internal sealed record CheckResult(AuditOutcome Outcome, string Reason)
{
    private const int Listed = 5;

    public static CheckResult Pass(string reason) => new(AuditOutcome.Pass, reason);

    public static CheckResult Fail(string reason) => new(AuditOutcome.Fail, reason);

    public static CheckResult CannotTell(string reason) => new(AuditOutcome.CannotTell, reason);

    public AuditCheck As(AuditLevel level, string name, string? run) =>
        new(level, name, run, Outcome, Reason.ReplaceLineEndings(" ").Trim());

    /// <summary>The first few of some things, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> items) =>
        string.Join("; ", items.Take(Listed)) + (items.Count > Listed ? $"; and {items.Count - Listed} more" : "");

    /// <summary>1 file, 2 files.</summary>
    public static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    /// <summary>The beginning of a hash, enough to tell two apart by eye.</summary>
    public static string Short(string hash) => hash.Length > 12 ? hash[..12] + "..." : hash;
}
