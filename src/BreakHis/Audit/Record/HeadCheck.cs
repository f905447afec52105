using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the ledger still contains everything that it contained when a head was published.</summary>
internal static class HeadCheck
{
    private const string Name = "known heads";

    /// <summary>Returns one check per known head.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, IEnumerable<KnownHead> known)
    {
        string? id = RecordChain.LedgerId(connection);
        if (id is null && RecordChain.Last(connection) is not null)
        {
            yield return CheckResult
                .Fail("the ledger's first record does not give its ID: it was removed or made by hand")
                .As(AuditLevel.Record, Name, null);
        }

        foreach (KnownHead head in known)
        {
            yield return head.Run is null ? OfLedger(connection, head, id) : OfRun(connection, head);
            foreach (KnownHead run in head.Ledger == id ? head.Note?.Runs ?? [] : [])
            {
                yield return OfRun(connection, run);
            }
        }
    }

    /// <summary>Returns a check that says why the git notes with known heads cannot be read; none if they can.</summary>
    /// <param name="reason">Why they cannot be read, or null.</param>
    public static IEnumerable<AuditEntry> Notes(string? reason) =>
        reason is null
            ? []
            : [CheckResult.Inconclusive($"the git notes cannot be read: {reason}").As(AuditLevel.Record, Name, null)];

    private static AuditEntry OfLedger(SqliteConnection connection, KnownHead head, string? id)
    {
        string? found = RecordChain.HeadAt(connection, head.Records);
        if (head.Ledger is not null && head.Ledger != id)
        {
            // A head depends on the ledger's first record, which has its ID.
            return (
                found == head.Hash
                    ? CheckResult.Fail(
                        Invariant(
                            $"{head.Source} pins the head of this ledger at record {head.Records}, but names ledger {head.Ledger}: it was edited"
                        )
                    )
                    : OfAnother(connection, head, id)
            ).As(AuditLevel.Record, Name, null);
        }

        return Compared(head, null, found, Invariant($"the ledger's head at record {head.Records}"));
    }

    private static AuditEntry OfRun(SqliteConnection connection, KnownHead head) =>
        Compared(
            head,
            head.Run,
            RecordChain.HashAt(connection, head.Run!, head.Records - 1),
            $"the hash of the first {Plural.Of(head.Records, "record")} of run {head.Run}"
        );

    private static AuditEntry Compared(KnownHead head, string? run, string? found, string what) =>
        CheckResult
            .Of(
                found == head.Hash,
                found == head.Hash ? $"{what} matches {head.Source}"
                    : found is null
                        ? $"{head.Source} pins {what}, which this ledger does not have: it was lost, or the end of the ledger was cut off"
                    : $"{head.Source} pins {what} as {head.Hash}, but it is {found}: an earlier record was changed, or the head was mistyped"
            )
            .As(AuditLevel.Record, Name, run);

    /// <summary>
    /// Checks the head of a ledger with another ID. An import explains it only if the records that it brought give this
    /// head: what the note on it says can be invented.
    /// </summary>
    private static CheckResult OfAnother(SqliteConnection connection, KnownHead head, string? id)
    {
        string pinned = Invariant(
            $"{head.Source} pins the first {Plural.Of(head.Records, "record")} of ledger {head.Ledger}"
        );
        if (SourceOrder.Gives(connection, head))
        {
            return CheckResult.Pass($"{pinned}, which were imported and match");
        }

        string here = $"this ledger is {id ?? "without an id"}";
        string? shared = head.Note?.Runs.Select(run => run.Run!).FirstOrDefault(run => IsMadeIn(connection, run));
        return (shared, head.Note?.IsSigned) switch
        {
            (null, _) => CheckResult.Of(
                head.IsGiven ? false : null,
                $"{pinned}, but {here}: it is a different one, or was created again"
            ),
            (_, true) => CheckResult.Fail(
                $"{pinned} and its run {shared}, and is signed; but {here} and has this run without an import: it was created again"
            ),
            _ => CheckResult.Inconclusive(
                $"{pinned} and its run {shared}, but {here} and has this run without an import: it was created again, or somebody made the note up; a signature by one of --allowed-signers would decide"
            ),
        };
    }

    /// <summary>Returns whether the ledger has a run that no import brought.</summary>
    private static bool IsMadeIn(SqliteConnection connection, string run) =>
        RecordChain.Of(connection, run).Count > 0 && RunImports.All(connection).GetValueOrDefault(run)?.Result is null;
}
