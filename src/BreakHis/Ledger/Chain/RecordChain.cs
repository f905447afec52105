using System.Security.Cryptography;
using BreakHis.Files;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>Chains each transaction's rows to the earlier ones. All methods run inside that transaction.</summary>
internal static class RecordChain
{
    private const string Columns = "SELECT number, run_id, record, kind, hash, head, marks FROM records";

    /// <summary>Returns the number of the record that a run's next rows belong to.</summary>
    public static long Next(SqliteConnection connection, string run) =>
        connection.Scalar<long>("SELECT coalesce(max(record), -1) + 1 FROM records WHERE run_id = $1", run);

    /// <summary>Appends a record of the rows with its number.</summary>
    /// <returns>Whether there were any rows; without rows there is no record.</returns>
    public static bool Append(SqliteConnection connection, string run, long record, string kind)
    {
        List<RecordRow> rows = RecordRows.Of(connection, run, record);
        if (rows.Count == 0)
        {
            return false;
        }

        RecordEntry? last = Last(connection);
        string before = HashOf(connection, run, record - 1);
        string hash = Sha256Hex.OfText(RecordLine.Of(before, kind, record, run, rows));
        Write(connection, last, run, record, kind, hash, RecordLine.Marks(rows));
        return true;
    }

    /// <summary>Returns an ID for a new ledger.</summary>
    public static string NewLedgerId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Writes the first record of a ledger, unless it has one; it identifies the ledger.</summary>
    /// <param name="id">The ID of a new ledger; null if the ledger has begun.</param>
    public static void BeginLedger(SqliteConnection connection, string? id)
    {
        if (id is not null && Last(connection) is null)
        {
            WriteNote(connection, LedgerNote.Ledger, "ledger_began", [(LedgerNote.Id, id)]);
        }
    }

    /// <summary>Writes names and values as a separate record.</summary>
    public static void WriteNote(
        SqliteConnection connection,
        string chain,
        string kind,
        IEnumerable<(string Name, string Value)> entries
    )
    {
        long record = Next(connection, chain);
        connection.ExecuteForEach(
            "INSERT INTO notes (run_id, record, name, value) VALUES ($1, $2, $3, $4)",
            entries,
            entry => [chain, record, entry.Name, entry.Value]
        );
        Append(connection, chain, record, kind);
    }

    /// <summary>Creates one record for each run of a ledger that had no records.</summary>
    public static void Adopt(SqliteConnection connection)
    {
        // Numbers are positions among the runs. They have gaps if a run was deleted by hand, so renumber.
        connection.Execute(
            "UPDATE runs SET number = (SELECT count(*) FROM runs AS other WHERE other.number <= runs.number)"
        );
        BeginLedger(connection, NewLedgerId());
        foreach (string run in connection.Query("SELECT id FROM runs ORDER BY number", row => row.GetString(0)))
        {
            Append(connection, run, 0, "adopted");
        }
    }

    /// <summary>Returns the last record of the ledger, or null.</summary>
    public static RecordEntry? Last(SqliteConnection connection) =>
        connection.Query(Columns + " ORDER BY number DESC LIMIT 1", Entry).FirstOrDefault();

    /// <summary>Returns all records, in the ledger's order.</summary>
    public static List<RecordEntry> All(SqliteConnection connection) =>
        connection.Query(Columns + " ORDER BY number", Entry);

    /// <summary>Returns the records of a run in order, starting with the given one.</summary>
    public static List<RecordEntry> Of(SqliteConnection connection, string run, long from = 0) =>
        connection.Query(Columns + " WHERE run_id = $1 AND record >= $2 ORDER BY record", Entry, run, from);

    /// <summary>
    /// Returns the runs that have records, and the ledger if it has records of its own, in order of their first record.
    /// </summary>
    public static List<string> Names(SqliteConnection connection) =>
        connection.Query("SELECT run_id FROM records WHERE record = 0 ORDER BY number", row => row.TextOrEmpty(0));

    /// <summary>Returns the hash of a run's record, or the initial hash if there is no such record.</summary>
    public static string HashOf(SqliteConnection connection, string run, long record) =>
        connection
            .Query("SELECT hash FROM records WHERE run_id = $1 AND record = $2", row => row.GetString(0), run, record)
            .FirstOrDefault(RecordLine.None);

    /// <summary>
    /// Returns the records that a run wrote itself, for pinning; null if it has none. Later notes are not included.
    /// </summary>
    public static RunChain? ChainOf(SqliteConnection connection, string run) =>
        connection
            .Query(
                """
                SELECT record, hash, number, head FROM records
                WHERE run_id = $1
                    AND NOT EXISTS (
                        SELECT 1 FROM notes WHERE notes.run_id = records.run_id AND notes.record = records.record)
                ORDER BY record DESC LIMIT 1
                """,
                row => new RunChain(
                    row.GetInt64(0) + 1,
                    row.GetString(1),
                    new LedgerHead(LedgerId(connection), row.GetInt64(2), row.GetString(3))
                ),
                run
            )
            .FirstOrDefault();

    /// <summary>Returns the head of the ledger at a record, or null if there is no such record.</summary>
    public static string? HeadAt(SqliteConnection connection, long number) =>
        connection
            .Query("SELECT head FROM records WHERE number = $1", row => row.GetString(0), number)
            .FirstOrDefault();

    /// <summary>Returns the hash of a record of a chain, counted from 0, or null if there is no such record.</summary>
    public static string? HashAt(SqliteConnection connection, string chain, long record) =>
        connection
            .Query("SELECT hash FROM records WHERE run_id = $1 AND record = $2", row => row.GetString(0), chain, record)
            .FirstOrDefault();

    /// <summary>Returns the random ID from the ledger's first record; null if that record gives none.</summary>
    public static string? LedgerId(SqliteConnection connection) =>
        connection
            .Query(
                "SELECT value FROM notes WHERE run_id = $1 AND record = 0 AND name = 'id'",
                row => row.GetString(0),
                LedgerNote.Ledger
            )
            .FirstOrDefault(id => HexName.Is(id, digits: 32));

    /// <summary>Appends a row to the records table, chained to the ledger's last record.</summary>
    /// <returns>The new row.</returns>
    public static RecordEntry Write(
        SqliteConnection connection,
        RecordEntry? last,
        string run,
        long record,
        string kind,
        string hash,
        string marks
    )
    {
        long number = (last?.Number ?? 0) + 1;
        string head = RecordLine.Head(last?.Head ?? RecordLine.None, hash, number, record, run);
        var entry = new RecordEntry(number, run, record, kind, hash, head, marks);
        Write(connection, entry);
        return entry;
    }

    /// <summary>Inserts a row into the records table.</summary>
    public static void Write(SqliteConnection connection, RecordEntry entry) =>
        connection.Execute(
            """
            INSERT INTO records (number, run_id, record, kind, hash, head, marks)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            entry.Number,
            entry.Run,
            entry.Record,
            entry.Kind,
            entry.Hash,
            entry.Head,
            entry.Marks
        );

    private static RecordEntry Entry(SqliteDataReader row) =>
        new(
            Number: row.GetInt64(0),
            Run: row.TextOrEmpty(1),
            Record: row.WholeOrMinusOne(2),
            Kind: row.TextOrEmpty(3),
            Hash: row.TextOrEmpty(4),
            Head: row.TextOrEmpty(5),
            Marks: row.TextOrEmpty(6)
        );
}
