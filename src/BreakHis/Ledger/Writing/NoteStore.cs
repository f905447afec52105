using System.Text.RegularExpressions;
using BreakHis.Ledger.Chain;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Writing;

/// <summary>Writes and reads notes.</summary>
internal static partial class NoteStore
{
    public static void Write(
        SqliteConnection connection,
        string? newLedger,
        string chain,
        string kind,
        IEnumerable<(string Name, string Value)> entries,
        DateTimeOffset now
    )
    {
        if (!Kind().IsMatch(kind))
        {
            throw new ArgumentException("A kind is a word of lower-case letters, digits and _.", nameof(kind));
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        if (
            chain != LedgerNote.Ledger
            && connection.Scalar<long>("SELECT count(*) FROM runs WHERE id = $1", chain) == 0
        )
        {
            throw new LedgerException(LedgerFault.UnknownRun, $"the ledger has no run {chain}");
        }

        RecordChain.BeginLedger(connection, newLedger);
        RecordChain.WriteNote(connection, chain, kind, [(LedgerNote.At, LedgerText.Time(now)), .. entries]);
        transaction.Commit();
    }

    public static List<LedgerNote> Of(SqliteConnection connection, string chain) =>
        [
            .. connection
                .Query(
                    """
                    SELECT record, kind, name, value FROM notes JOIN records USING (run_id, record)
                    WHERE run_id = $1 ORDER BY record, name
                    """,
                    row =>
                        (
                            Record: row.WholeOrMinusOne(0),
                            Kind: row.TextOrEmpty(1),
                            Name: row.TextOrEmpty(2),
                            Value: row.TextOrEmpty(3)
                        ),
                    chain
                )
                .GroupBy(entry => (entry.Record, entry.Kind))
                .Select(note => new LedgerNote(
                    note.Key.Kind,
                    note.DistinctBy(entry => entry.Name, StringComparer.Ordinal)
                        .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal)
                )
                {
                    Record = note.Key.Record,
                }),
        ];

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$", RegexOptions.None, 1000)]
    private static partial Regex Kind();
}
