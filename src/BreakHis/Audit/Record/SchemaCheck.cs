using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>
/// Checks that the database has the schema of the scripts, is intact, and has no dangling references.
/// </summary>
internal static class SchemaCheck
{
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection) =>
        CheckResult
            .Of(Schema(connection), "tables, views, indexes and version match this tool's")
            .As(AuditLevel.Record, "schema", null)
            .Concat(
                CheckResult.Of(Integrity(connection), "SQLite finds no damage").As(AuditLevel.Record, "integrity", null)
            )
            .Concat(
                CheckResult
                    .Of(ForeignKeys(connection), "every reference points to a row")
                    .As(AuditLevel.Record, "foreign keys", null)
            );

    private static IEnumerable<string> Schema(SqliteConnection connection)
    {
        if (connection.Scalar<long>("PRAGMA user_version") != Migrations.Latest)
        {
            yield return "PRAGMA user_version is not the one of this schema";
        }

        if (connection.Scalar<long>("PRAGMA application_id") != Migrations.ApplicationId)
        {
            yield return "PRAGMA application_id is not the one of ledgers";
        }

        foreach (SchemaDifference difference in LedgerSchema.Differences(connection, Migrations.Latest))
        {
            yield return difference.Text;
        }
    }

    /// <summary>SQLite computes the expressions of all indexes, also of foreign ones, which can take hours.</summary>
    private static IEnumerable<string> Integrity(SqliteConnection connection) =>
        LedgerSchema.Differences(connection, Migrations.Latest).Any()
            ? ["not checked: SQLite would compute what another program added to the schema"]
            : Damage(connection);

    private static IEnumerable<string> Damage(SqliteConnection connection) =>
        connection
            .Query("PRAGMA integrity_check", row => row.GetString(0))
            .Where(line => line != "ok")
            .CountBy(OneLine.Of, StringComparer.Ordinal)
            .Select(line => line.Value == 1 ? line.Key : $"{line.Key} ({Digits.Of(line.Value)} times)");

    private static IEnumerable<string> ForeignKeys(SqliteConnection connection) =>
        LedgerSchema.Tables.SelectMany(table =>
            connection.Query(
                "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check($1) GROUP BY 1, 2",
                row =>
                    $"{Plural.Of(row.GetInt64(2), "row")} of {row.GetString(0)} {Plural.Word(row.GetInt64(2), "refers", "refer")} to a missing row of {row.GetString(1)}",
                table.Name
            )
        );
}
