namespace BreakHis.Ledger.Reading;

/// <summary>Which runs to list; null leaves a condition out.</summary>
/// <param name="Name">The spec's name.</param>
/// <param name="Since">Begun then or later.</param>
/// <param name="Limit">The most runs, 1 or more; the newest are taken.</param>
internal sealed record RunFilter(
    string? Name = null,
    RunState? State = null,
    DateTimeOffset? Since = null,
    int? Limit = null
);
