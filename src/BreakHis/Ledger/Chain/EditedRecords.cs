using BreakHis.Files;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>Finds records whose rows are not as they were recorded.</summary>
internal static class EditedRecords
{
    // What lists of runs show.
    private static readonly string[] Listed = ["choices", "run_states", "runs", "stage_ends", "stages", "test_scores"];

    /// <summary>Returns the records of a run whose rows or positions do not match their hashes, as text.</summary>
    public static IReadOnlyList<string> Of(SqliteConnection connection, string run)
    {
        List<RecordEntry> entries = RecordChain.Of(connection, run);
        ILookup<long, RecordRow> rows = RecordRows.Of(connection, run).ToLookup(row => row.Record);
        HashSet<long> known = [.. entries.Select(entry => entry.Record)];
        List<string> edited = [];
        string before = RecordLine.None;
        foreach (RecordEntry entry in entries)
        {
            string line = RecordLine.Of(before, entry.Kind, entry.Record, run, rows[entry.Record]);
            if (Sha256Hex.OfText(line) != entry.Hash || !Follows(connection, entry))
            {
                edited.Add(Invariant($"{entry.Record} ({entry.Kind})"));
            }

            before = entry.Hash;
        }

        return
        [
            .. edited,
            .. rows.Select(record => record.Key)
                .Where(record => !known.Contains(record))
                .Select(record => Invariant($"{record} (missing)")),
        ];
    }

    /// <summary>
    /// Returns the runs of which a list shows rows that do not match the marks of their records. Marks are short, and no
    /// hash covers them; so this finds edits of rows in milliseconds, but not those of somebody who edited the marks too.
    /// </summary>
    public static IReadOnlySet<string> InLists(SqliteConnection connection)
    {
        var edited = new HashSet<string>(StringComparer.Ordinal);
        foreach (LedgerTable table in LedgerSchema.Tables.Where(table => Listed.Contains(table.Name)))
        {
            var marks = RecordRows
                .OfAllRuns(connection, table)
                .GroupBy(row => (row.Run, row.Row.Record))
                .ToDictionary(record => record.Key, record => string.Concat(record.Select(row => row.Row.Mark)));
            var recorded = connection
                .Query(
                    $"""
                    SELECT run_id, record, CASE WHEN json_valid(marks) THEN json_extract(marks, '$.{table.Name}') ELSE '' END
                    FROM records
                    """,
                    row => (Run: row.TextOrEmpty(0), Record: row.WholeOrMinusOne(1), Marks: row.TextOrNull(2))
                )
                .Where(record => record.Marks is not null)
                .GroupBy(record => (record.Run, record.Record))
                .ToDictionary(record => record.Key, record => record.First().Marks!);
            edited.UnionWith(
                marks
                    .Keys.Union(recorded.Keys)
                    .Where(record => marks.GetValueOrDefault(record) != recorded.GetValueOrDefault(record))
                    .Select(record => record.Run)
            );
        }

        return edited;
    }

    private static bool Follows(SqliteConnection connection, RecordEntry entry)
    {
        string before = connection
            .Query("SELECT head FROM records WHERE number = $1", row => row.TextOrEmpty(0), entry.Number - 1)
            .FirstOrDefault(RecordLine.None);
        return RecordLine.Head(before, entry.Hash, entry.Number, entry.Record, entry.Run) == entry.Head;
    }
}
