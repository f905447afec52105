using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>A table whose rows belong to records.</summary>
/// <param name="Run">The column with the run's ID.</param>
/// <param name="Key">The columns that identify and order rows, without the run's ID.</param>
/// <param name="Columns">The columns that a record contains, in ordinal order of name.</param>
internal sealed record LedgerTable(
    string Name,
    string Run,
    IReadOnlyList<string> Key,
    IReadOnlyList<LedgerColumn> Columns
)
{
    /// <summary>Returns the index of a column in <see cref="Columns"/>, or -1.</summary>
    public int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A column.</summary>
/// <param name="Type">INTEGER, REAL or TEXT.</param>
internal sealed record LedgerColumn(string Name, string Type);

/// <summary>An object of the schema, as SQLite stores it.</summary>
/// <param name="Type">table, index, view or trigger.</param>
/// <param name="Sql">The statement that creates it.</param>
internal sealed record SchemaObject(string Type, string Name, string? Sql);

/// <summary>
/// The schema that this version's scripts create. Names of tables and columns come only from here, never from a file
/// that someone else may have written.
/// </summary>
internal static class LedgerSchema
{
    private static readonly Lazy<(IReadOnlyList<SchemaObject> Objects, IReadOnlyList<LedgerTable> Tables)> Made = new(
        Make
    );

    /// <summary>The tables whose rows belong to records, in ordinal order of name.</summary>
    public static IReadOnlyList<LedgerTable> Tables => Made.Value.Tables;

    /// <summary>Everything that the scripts create.</summary>
    public static IReadOnlyList<SchemaObject> Objects => Made.Value.Objects;

    /// <summary>Returns the objects of a database, without SQLite's own.</summary>
    public static List<SchemaObject> ObjectsOf(SqliteConnection connection) =>
        connection.Query(
            "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
            row => new SchemaObject(row.GetString(0), row.GetString(1), row.TextOrNull(2))
        );

    private static (IReadOnlyList<SchemaObject>, IReadOnlyList<LedgerTable>) Make()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Migrations.Apply(connection);
        List<SchemaObject> objects = ObjectsOf(connection);
        return (
            objects,
            [
                .. objects
                    .Where(o => o.Type == "table" && o.Name != "records")
                    .Select(o => Table(connection, o.Name))
                    .OrderBy(table => table.Name, StringComparer.Ordinal),
            ]
        );
    }

    private static LedgerTable Table(SqliteConnection connection, string name)
    {
        List<(LedgerColumn Column, int Key)> columns = connection.Query(
            "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid",
            row => (Column: new LedgerColumn(row.GetString(0), row.GetString(1)), Key: row.GetInt32(2)),
            name
        );
        // A run is identified by its ID. Its number is its position in this ledger and differs in other ledgers.
        (string run, string? place) = name == "runs" ? ("id", "number") : ("run_id", null);
        string[] key =
        [
            .. columns
                .Where(c => c.Key > 0 && c.Column.Name != run && c.Column.Name != place)
                .OrderBy(c => c.Key)
                .Select(c => c.Column.Name),
        ];
        LedgerColumn[] content =
        [
            .. columns
                .Select(c => c.Column)
                .Where(c => c.Name != run && c.Name != place && c.Name != "record")
                .OrderBy(c => c.Name, StringComparer.Ordinal),
        ];
        return new LedgerTable(name, run, key, content);
    }
}
