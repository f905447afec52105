using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the ledger has what its notes on imports say.</summary>
internal static class ImportsCheck
{
    /// <summary>Returns the check; none if nothing was imported.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection)
    {
        IReadOnlyList<ImportNote> notes = ImportNote.All(connection);
        return notes.Count == 0
            ? []
            : CheckResult
                .Of(
                    notes.SelectMany(note => Faults(connection, note)),
                    $"the ledger has the runs of {Plural.Of(notes.Count, "import")}, as they were imported"
                )
                .As(AuditLevel.Record, "imports", null);
    }

    private static IEnumerable<string> Faults(SqliteConnection connection, ImportNote note)
    {
        string place = Invariant($"record {note.Record} of the ledger (imported)");
        if (note.Runs.Count == 0)
        {
            yield return $"{place} names no run";
        }

        foreach (ImportedRun run in note.Runs.Where(run => !Has(connection, note, run)))
        {
            yield return $"{place} names run {run.Id} with {Plural.Of(run.Records, "record")} and the last hash {ShortHash.Of(run.Hash)}, but the ledger had no such run at that place";
        }

        // Earlier builds did not note the order, without which nothing follows.
        if (
            note.Lines(ImportNote.SourceOrder).Count > 0
            && (
                note.SourceLedger is not { } source
                || SourceOrder.HeadAt(connection, note, source.Records) != source.Head
            )
        )
        {
            yield return $"{place}: the records here do not give the head that it names of ledger {note.Import.Ledger ?? "unknown"}";
        }
    }

    /// <summary>
    /// The imported records follow the note, without others between them. Earlier builds wrote the note after them.
    /// </summary>
    private static bool Has(SqliteConnection connection, ImportNote note, ImportedRun run) =>
        connection.Scalar<long>(
            """
            SELECT count(*) FROM records AS part JOIN records AS note ON part.number <= note.number + $6
            WHERE part.run_id = $1 AND part.record = $2 - 1 AND part.hash = $3
                AND note.run_id = $4 AND note.record = $5
            """,
            run.Id,
            run.Records,
            run.Hash,
            LedgerNote.Ledger,
            note.Record,
            note.Runs.Sum(imported => imported.Records - imported.First)
        ) > 0;
}
