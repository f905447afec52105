namespace BreakHis.Ledger.Reading;

/// <summary>Conditions for listing runs; null skips a condition.</summary>
/// <param name="Since">Only runs that started at this time or later.</param>
/// <param name="Limit">The maximum number of runs, at least 1; the newest ones are listed.</param>
internal sealed record RunFilter(
    string? Name = null,
    RunState? State = null,
    DateTimeOffset? Since = null,
    int? Limit = null
);
