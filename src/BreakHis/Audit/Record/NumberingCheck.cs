using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>Checks that rows are numbered from 0 without gaps.</summary>
internal static class NumberingCheck
{
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run) =>
        CheckResult.Of(Faults(connection, run), "row numbers have no gaps").As(AuditLevel.Record, "numbering", run);

    private static IEnumerable<string> Faults(SqliteConnection connection, string run) =>
        (
            (ReadOnlySpan<(string Table, string Column, string Groups, string Rows)>)
                [
                    ("choices", "number", "", "choices"),
                    ("classes", "class", "", "classes"),
                    ("images", "image", "", RunReader.AllImages),
                    ("stages", "number", "", "stages"),
                    ("run_states", "number", "", "run_states"),
                    ("checkpoints", "number", "", "checkpoints"),
                    ("artifacts", "number", ", path", "artifacts"),
                ]
        )
            .ToArray()
            .Where(counted =>
                connection.Scalar<long>(
                    $"""
                    SELECT count(*) FROM (
                        SELECT 1 FROM {counted.Rows} WHERE run_id = $1 GROUP BY run_id{counted.Groups}
                        HAVING min({counted.Column}) <> 0 OR max({counted.Column}) <> count(*) - 1)
                    """,
                    run
                ) > 0
            )
            .Select(counted => $"{counted.Table}: {counted.Column} does not count from 0 without gaps");
}
