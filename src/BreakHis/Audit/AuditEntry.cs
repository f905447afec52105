namespace BreakHis.Audit;

/// <summary>An entry of an audit's result: what one check of a past run or of the ledger found.</summary>
/// <param name="Name">The subject, in a word or two that never change, such as "chain" or "artifacts".</param>
/// <param name="Run">The run's ID; null if the check is about the ledger.</param>
/// <param name="Reason">The reason on one line, including the place.</param>
internal sealed record AuditEntry(AuditLevel Level, string Name, string? Run, AuditOutcome Outcome, string Reason);
