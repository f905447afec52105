using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks rows against the hashes of their records, and the order of the records.</summary>
internal static class ChainCheck
{
    /// <summary>
    /// Checks the ledger's own chain: every record is in its position, and every head follows from the previous one.
    /// </summary>
    /// <param name="records">All records, in order of number.</param>
    public static IEnumerable<string> Heads(IReadOnlyList<RecordEntry> records)
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
                yield return $"{Place(entry)}: number, run_id, record, hash or head was edited, or a record inserted: the head does not follow from the records";
            }

            (stored, computed) = (entry.Head, fits ? entry.Head : head);
            expected = entry.Number + 1;
        }
    }

    /// <summary>Checks that each run's number is its position among the runs.</summary>
    public static IEnumerable<string> Numbers(SqliteConnection connection) =>
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
    public static IEnumerable<string> Unrecorded(SqliteConnection connection) =>
        LedgerSchema
            .Tables.SelectMany(table =>
                connection.Query(
                    $"SELECT DISTINCT {table.Run} FROM {table.Name} WHERE {table.Run} NOT IN (SELECT run_id FROM records)",
                    row => row.TextOrEmpty(0)
                )
            )
            .Distinct(StringComparer.Ordinal)
            .SelectMany(run => RecordRows.Of(connection, run).Select(row => NoRecord(run, row)));

    /// <summary>Checks one run's rows against its records.</summary>
    /// <param name="records">The run's records, in order.</param>
    /// <param name="lines">The lines of the run's record file, if it has one.</param>
    public static IEnumerable<string> Rows(
        string run,
        IReadOnlyList<RecordEntry> records,
        IReadOnlyList<RecordRow> rows,
        IReadOnlyList<RecordFileLine?> lines
    )
    {
        ILookup<long, RecordRow> rowsOf = rows.ToLookup(row => row.Record);
        long expected = 0;
        (string stored, string computed) = (RecordLine.None, RecordLine.None);
        foreach (RecordEntry entry in records)
        {
            bool gap = entry.Record != expected;
            if (gap)
            {
                yield return Invariant(
                    $"records: record {expected} of run {run} is missing or was moved; the next is {Place(entry)}"
                );
            }

            RecordRow[] own = [.. rowsOf[entry.Record]];
            string Hash(string before) => Sha256Hex.OfText(RecordLine.Of(before, entry.Kind, entry.Record, run, own));
            string hash = Hash(stored);
            bool fits = entry.Hash == hash || (stored != computed && entry.Hash == Hash(computed));
            bool marked = entry.Marks == RecordLine.Marks(own);
            if (!fits || !marked)
            {
                foreach (string what in Named(entry, own, fits, marked, gap, Recorded(lines, entry)))
                {
                    yield return what;
                }
            }

            (stored, computed) = (entry.Hash, fits ? entry.Hash : hash);
            expected = entry.Record + 1;
        }

        HashSet<long> known = [.. records.Select(entry => entry.Record)];
        foreach (RecordRow row in rows.Where(row => !known.Contains(row.Record)))
        {
            yield return NoRecord(run, row);
        }
    }

    /// <summary>Returns number, run and record as text.</summary>
    public static string Place(RecordEntry entry) =>
        Invariant($"records, number {entry.Number} (record {entry.Record} of run {entry.Run}, {entry.Kind})");

    private static IEnumerable<string> Named(
        RecordEntry entry,
        RecordRow[] rows,
        bool fits,
        bool marked,
        bool gap,
        RecordFileLine? line
    )
    {
        if (fits)
        {
            return [$"{Place(entry)}: marks were edited: the rows match the recorded hash"];
        }

        string at = Invariant($"run {entry.Run}, record {entry.Record} ({entry.Kind})");
        IEnumerable<string> differing =
            line is not null ? RowDiff.ByLine(line.Text, rows)
            : marked ? []
            : RowDiff.ByMarks(entry.Marks, rows);
        string[] named = [.. differing.Select(what => $"{at}: {what}")];
        return named.Length > 0 ? named
            : gap ? []
            : [$"{Place(entry)}: kind, hash, run_id or record was edited: the rows match the marks but not the hash"];
    }

    /// <summary>Returns the record file's line for a record, if it still has the recorded hash.</summary>
    private static RecordFileLine? Recorded(IReadOnlyList<RecordFileLine?> lines, RecordEntry entry) =>
        entry.Record >= 0
        && entry.Record < lines.Count
        && lines[(int)entry.Record] is { } line
        && line.Hash == entry.Hash
        && line.IsAsHashed
            ? line
            : null;

    private static string NoRecord(string run, RecordRow row) =>
        Invariant(
            $"run {run}: {RowDiff.Place(row)}: belongs to record {row.Record}, which is missing: the row was inserted or moved, or the record deleted"
        );
}
