using System.Collections.Concurrent;
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

/// <summary>A difference of a ledger's schema from the one that the scripts create.</summary>
/// <param name="IsExtra">Whether it is an object that the scripts do not create; reading does not use it.</param>
/// <param name="IsTable">Whether a table of the scripts is missing or different. What has its name could be a view or
/// compute its columns, so that reading it never ends.</param>
internal sealed record SchemaDifference(string Text, bool IsExtra, bool IsTable);

/// <summary>
/// The schema that this version's scripts create. Names of tables and columns come only from here, never from a file
/// that someone else may have written.
/// </summary>
internal static class LedgerSchema
{
    private static readonly Lazy<IReadOnlyList<LedgerTable>> Made = new(MakeTables);

    // Every opening of a ledger compares its schema.
    private static readonly ConcurrentDictionary<long, Dictionary<(string Type, string Name), string?>> ByVersion = [];

    /// <summary>The tables whose rows belong to records, in ordinal order of name.</summary>
    public static IReadOnlyList<LedgerTable> Tables => Made.Value;

    /// <summary>Returns the query of a view, for readers of ledgers whose view is missing or different.</summary>
    public static string QueryOf(string view)
    {
        const string As = " AS\n";
        string sql = ByVersion.GetOrAdd(Migrations.Latest, MakeObjects)[("view", view)]!;
        return sql[(sql.IndexOf(As, StringComparison.Ordinal) + As.Length)..];
    }

    /// <summary>
    /// Compares the schema of a ledger with the one that the scripts create. Reads nothing else of the ledger. No name is
    /// passed over: a trigger could be called like an object of SQLite.
    /// </summary>
    /// <param name="version">The version of the ledger's schema: the number of scripts.</param>
    public static IEnumerable<SchemaDifference> Differences(SqliteConnection connection, long version)
    {
        Dictionary<(string Type, string Name), string?> made = ByVersion.GetOrAdd(version, MakeObjects);
        Dictionary<(string Type, string Name), string?> present = ObjectsOf(connection);
        foreach (((string Type, string Name) key, string? sql) in made)
        {
            bool isTable = key.Type == "table";
            if (!present.TryGetValue(key, out string? found))
            {
                yield return new($"the {key.Type} {key.Name} is missing", IsExtra: false, isTable);
            }
            else if (found != sql)
            {
                yield return new($"the {key.Type} {key.Name} differs from the tool's", IsExtra: false, isTable);
            }
        }

        foreach ((string type, string name) in present.Keys.Where(key => !made.ContainsKey(key)))
        {
            yield return new($"the {type} {name} does not belong to the tool", IsExtra: true, IsTable: false);
        }
    }

    private static Dictionary<(string Type, string Name), string?> ObjectsOf(SqliteConnection connection) =>
        connection
            .Query(
                "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name",
                row => (Key: (row.TextOrEmpty(0), row.TextOrEmpty(1)), Sql: row.TextOrNull(2))
            )
            // SQLite refuses a ledger with two tables of one name, but not with two rows that say so.
            .GroupBy(o => o.Key, o => o.Sql)
            .ToDictionary(o => o.Key, o => o.Count() == 1 ? o.First() : "");

    private static Dictionary<(string Type, string Name), string?> MakeObjects(long version)
    {
        using SqliteConnection scripts = Created(version);
        return ObjectsOf(scripts);
    }

    private static SqliteConnection Created(long version)
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Migrations.Apply(connection, version);
        return connection;
    }

    private static IReadOnlyList<LedgerTable> MakeTables()
    {
        using SqliteConnection connection = Created(Migrations.Latest);
        return
        [
            .. ObjectsOf(connection)
                .Keys.Where(key => key.Type == "table" && key.Name != "records")
                .Select(key => Table(connection, key.Name))
                .OrderBy(table => table.Name, StringComparer.Ordinal),
        ];
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
