using Microsoft.Data.Sqlite;

namespace BreakHis.Testing;

/// <summary>A value that no program of good will writes to a column.</summary>
/// <param name="Name">What it is, for messages.</param>
internal sealed record HostileValue(string Table, string Column, string Name, object Value);

/// <summary>
/// Makes ledgers whose rows are as bad as possible, but whose schema is the tool's: SQLite checks rows when they are
/// written, and a program of ill will can write them while the schema is another one.
/// </summary>
internal static class HostileLedger
{
    private static readonly (string Name, object Value)[] Values =
    [
        ("NULL", DBNull.Value),
        ("no text", ""),
        ("a word", "x"),
        ("a path out", "../../../../tmp/x"),
        ("an absolute path", "/etc/passwd"),
        ("null in JSON", "null"),
        ("half of an object", "{"),
        ("an empty object", "{}"),
        ("an empty list", "[]"),
        ("lists in lists", "[[1],[2]]"),
        ("too many lists", new string('[', 5_000)),
        ("too large a number in JSON", "[1e999]"),
        ("too large a number", "9223372036854775808"),
        ("a command for the terminal", "\u001b]0;x\u0007\r\u202e"),
        ("an end of text", "a\0b"),
        ("half of a character", new string((char)0xD800, 1)),
        ("markup", "[red]<script>alert(1)</script>{{ 1 }}"),
        ("much text", new string('x', 100_000)),
        ("-1", -1L),
        ("the largest integer", long.MaxValue),
        ("the smallest integer", long.MinValue),
        ("a fraction", 1.5),
        ("infinity", double.PositiveInfinity),
        ("a large number", double.MaxValue),
        ("bytes", new byte[] { 0xFF, 0x00, 0xFE }),
    ];

    /// <summary>Returns all hostile values of all columns of a ledger.</summary>
    public static IReadOnlyList<HostileValue> ValuesOf(string ledger)
    {
        using SqliteConnection connection = Opened(ledger);
        (string Table, string Column)[] columns =
        [
            .. Query(
                    connection,
                    """
                    SELECT tables.name || '.' || columns.name
                    FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
                    WHERE tables.type = 'table' ORDER BY 1
                    """
                )
                .Select(column => column.Split('.'))
                .Select(parts => (parts[0], parts[1])),
        ];
        return
        [
            .. columns.SelectMany(column =>
                Values.Select(value => new HostileValue(column.Table, column.Column, value.Name, value.Value))
            ),
        ];
    }

    /// <summary>Lets rows have any value, until <see cref="Restore"/>.</summary>
    /// <returns>The schema to restore.</returns>
    public static IReadOnlyDictionary<string, string> Loosen(string ledger)
    {
        using SqliteConnection connection = Opened(ledger);
        var schema = Query(connection, "SELECT name || '|' || sql FROM sqlite_schema WHERE type = 'table'")
            .Select(table => table.Split('|', 2))
            .ToDictionary(table => table[0], table => table[1], StringComparer.Ordinal);
        foreach ((string table, string sql) in schema)
        {
            Replace(
                connection,
                table,
                sql.Replace(") STRICT, WITHOUT", ") WITHOUT", StringComparison.Ordinal)
                    .Replace(") STRICT", ")", StringComparison.Ordinal)
                    .Replace(" IS NOT NULL", " NOTNULL", StringComparison.Ordinal)
                    .Replace(" NOT NULL", "", StringComparison.Ordinal)
                    .Replace(" INTEGER", " BLOB", StringComparison.Ordinal)
                    .Replace("BLOB PRIMARY KEY", "INTEGER PRIMARY KEY", StringComparison.Ordinal)
                    .Replace(" REAL", " BLOB", StringComparison.Ordinal)
                    .Replace(" TEXT", " BLOB", StringComparison.Ordinal)
            );
        }

        return schema;
    }

    /// <summary>Restores the schema; the rows stay as they are.</summary>
    public static void Restore(string ledger, IReadOnlyDictionary<string, string> schema)
    {
        using SqliteConnection connection = Opened(ledger);
        foreach ((string table, string sql) in schema)
        {
            Replace(connection, table, sql);
        }
    }

    /// <summary>Writes a value into all rows of a column, or those of one run, of a loosened ledger.</summary>
    /// <returns>Whether SQLite accepted it.</returns>
    public static bool Write(string ledger, HostileValue value, string? run = null)
    {
        using SqliteConnection connection = Opened(ledger);
        using SqliteCommand command = connection.CreateCommand();
        string key = value.Table == "runs" ? "id" : "run_id";
#pragma warning disable CA2100 // The schema's own names.
        command.CommandText =
            $"UPDATE OR IGNORE {value.Table} SET {value.Column} = $value WHERE $run IS NULL OR {key} = $run";
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$value", value.Value);
        command.Parameters.AddWithValue("$run", (object?)run ?? DBNull.Value);
        try
        {
            return command.ExecuteNonQuery() > 0;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Adds the rows of a run again, under other IDs, to a loosened ledger.</summary>
    public static void Copy(string ledger, string run, IEnumerable<string> ids)
    {
        using SqliteConnection connection = Opened(ledger);
        string[] tables = [.. Query(connection, "SELECT name FROM sqlite_schema WHERE type = 'table'")];
        foreach (string table in tables)
        {
            string key = table == "runs" ? "id" : "run_id";
            string[] columns =
            [
                .. Query(connection, $"SELECT name FROM pragma_table_info('{table}')")
                    .Where(column => column != "number" || table is not ("runs" or "records")),
            ];
            string values = string.Join(", ", columns.Select(column => column == key ? "$id" : column));
            foreach (string id in ids)
            {
                using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The schema's own names.
                command.CommandText =
                    $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {values} FROM {table} WHERE {key} = $run";
#pragma warning restore CA2100
                command.Parameters.AddWithValue("$id", id);
                command.Parameters.AddWithValue("$run", run);
                command.ExecuteNonQuery();
            }
        }
    }

    private static SqliteConnection Opened(string ledger)
    {
        var connection = new SqliteConnection($"Data Source={ledger};Foreign Keys=False;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "PRAGMA ignore_check_constraints = ON; PRAGMA writable_schema = ON; PRAGMA synchronous = OFF";
        command.ExecuteNonQuery();
        return connection;
    }

    private static void Replace(SqliteConnection connection, string table, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE sqlite_schema SET sql = $sql WHERE type = 'table' AND name = $table";
        command.Parameters.AddWithValue("$sql", sql);
        command.Parameters.AddWithValue("$table", table);
        command.ExecuteNonQuery();
    }

    private static List<string> Query(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The callers' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
