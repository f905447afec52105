using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>
/// Checks the ledger's own chain: every record is in its position, every head follows from the previous one, and no run
/// has rows without records.
/// </summary>
internal static class LedgerChainCheck
{
    /// <summary>Returns the check.</summary>
    /// <param name="records">All records, in order of number.</param>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, IReadOnlyList<RecordEntry> records) =>
        CheckResult
            .Of(
                [.. Heads(records), .. Numbers(connection), .. Unrecorded(connection)],
                Invariant($"each of {Plural.Of(records.Count, "record")} follows from the previous one")
            )
            .As(AuditLevel.Record, "ledger chain", null);

    private static IEnumerable<string> Heads(IReadOnlyList<RecordEntry> records)
    {
        long expected = 1;
        (string stored, string computed) = (RecordLine.None, RecordLine.None);
        foreach (RecordEntry entry in records)
        {
            bool gap = entry.Number != expected;
            if (gap)
            {
                yield return expected == entry.Number - 1
                    ? Invariant($"records: number {expected} is missing or was moved")
                    : Invariant($"records: numbers {expected} to {entry.Number - 1} are missing or were moved");
            }

            string Head(string before) => RecordLine.Head(before, entry.Hash, entry.Number, entry.Record, entry.Run);
            string head = Head(stored);
            bool fits = entry.Head == head || (stored != computed && entry.Head == Head(computed));
            if (!fits && !gap)
            {
                yield return $"{ChainCheck.Place(entry)}: number, run_id, record, hash or head was edited, or a record inserted: the head does not follow from the records";
            }

            (stored, computed) = (entry.Head, fits ? entry.Head : head);
            expected = entry.Number + 1;
        }
    }

    /// <summary>Checks that each run's number is its position among the runs.</summary>
    private static IEnumerable<string> Numbers(SqliteConnection connection) =>
        connection.Query(
            """
            SELECT id, number, place
            FROM (
                SELECT runs.id, runs.number, row_number() OVER (ORDER BY records.number) AS place
                FROM runs JOIN records ON records.run_id = runs.id AND records.record = 0
            )
            WHERE number <> place
            """,
            row =>
                Invariant(
                    $"runs, run {row.GetString(0)}: number is {row.GetInt64(1)}, expected {row.GetInt64(2)}: it was edited, or the first record of a run is missing"
                )
        );

    /// <summary>Finds runs that have rows but no records.</summary>
    private static IEnumerable<string> Unrecorded(SqliteConnection connection) =>
        LedgerSchema
            .Tables.SelectMany(table =>
                connection.Query(
                    $"SELECT DISTINCT {table.Run} FROM {table.Name} WHERE {table.Run} NOT IN (SELECT run_id FROM records)",
                    row => row.TextOrEmpty(0)
                )
            )
            .Distinct(StringComparer.Ordinal)
            .SelectMany(run => RecordRows.Of(connection, run).Select(row => ChainCheck.NoRecord(run, row)));
}
