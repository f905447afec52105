using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>Whether the ledger still holds all that it held when a head was made known.</summary>
internal static class HeadCheck
{
    private const string Name = "known heads";

    /// <summary>A check for each known head.</summary>
    public static IEnumerable<AuditCheck> Of(SqliteConnection connection, IEnumerable<KnownHead> known)
    {
        string? id = RecordChain.LedgerId(connection);
        foreach (KnownHead head in known)
        {
            yield return head.Run is null ? OfLedger(connection, head, id) : OfRun(connection, head);
        }
    }

    private static AuditCheck OfLedger(SqliteConnection connection, KnownHead head, string? id)
    {
        string? found = connection
            .Query("SELECT head FROM records WHERE number = $1", row => row.GetString(0), head.Records)
            .FirstOrDefault();
        if (found != head.Hash && head.Ledger is not null && head.Ledger != id)
        {
            bool isAnothers = !head.IsGiven || WasImported(connection, head.Ledger);
            return new CheckResult(
                isAnothers ? AuditOutcome.CannotTell : AuditOutcome.Fail,
                $"{head.Source} knows the head of ledger {head.Ledger}, and this one is {id ?? "without an id"}: it is another, or was made anew"
            ).As(AuditLevel.Record, Name, null);
        }

        return Compared(head, null, found, FormattableString.Invariant($"the ledger's head at record {head.Records}"));
    }

    private static AuditCheck OfRun(SqliteConnection connection, KnownHead head)
    {
        string? found = connection
            .Query(
                "SELECT hash FROM records WHERE run_id = $1 AND record = $2",
                row => row.GetString(0),
                head.Run,
                head.Records - 1
            )
            .FirstOrDefault();
        return Compared(
            head,
            head.Run,
            found,
            FormattableString.Invariant($"the hash of the first {head.Records} records of run {head.Run}")
        );
    }

    private static AuditCheck Compared(KnownHead head, string? run, string? found, string what) =>
        new CheckResult(
            found == head.Hash ? AuditOutcome.Pass : AuditOutcome.Fail,
            found == head.Hash ? $"{what} is as {head.Source} knows it"
                : found is null ? $"{head.Source} knows {what}, and the ledger does not have it: it was cut off"
                : $"{head.Source} knows {what} as {head.Hash}, and it is {found}: what came before was changed"
        ).As(AuditLevel.Record, Name, run);

    private static bool WasImported(SqliteConnection connection, string ledger) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM notes WHERE run_id = $1 AND name = 'source_id' AND value = $2",
            LedgerNote.Ledger,
            ledger
        ) > 0;
}
