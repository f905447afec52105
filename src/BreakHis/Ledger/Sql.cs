using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>SQL statements whose parameters $1, $2 and so on are passed as arguments.</summary>
internal static class Sql
{
    public static void Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public static T Scalar<T>(this SqliteConnection connection, string sql, params ReadOnlySpan<object?> values) =>
        connection.Query(sql, row => row.GetFieldValue<T>(0), values)[0];

    public static List<T> Query<T>(
        this SqliteConnection connection,
        string sql,
        Func<SqliteDataReader, T> read,
        params ReadOnlySpan<object?> values
    )
    {
        using SqliteCommand command = Command(connection, sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Executes one prepared statement per item.</summary>
    public static void ExecuteForEach<T>(
        this SqliteConnection connection,
        string sql,
        IEnumerable<T> items,
        Func<T, object?[]> values
    )
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (T item in items)
        {
            Bind(command, values(item));
            command.ExecuteNonQuery();
        }
    }

    public static string? TextOrNull(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A text that is NULL only if somebody wrote it around the schema; then "".</summary>
    public static string TextOrEmpty(this SqliteDataReader row, int column) => row.TextOrNull(column) ?? "";

    /// <summary>A number that is NULL only if somebody wrote it around the schema; then -1.</summary>
    public static long WholeOrMinusOne(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? -1 : row.GetInt64(column);

    /// <summary>SQLite stores NaN as NULL.</summary>
    public static double NumberOrNaN(this SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? double.NaN : row.GetDouble(column);

    private static SqliteCommand Command(SqliteConnection connection, string sql, ReadOnlySpan<object?> values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Bind(command, values);
        return command;
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            object value = values[i] is null or double.NaN ? DBNull.Value : values[i]!;
            if (i < command.Parameters.Count)
            {
                command.Parameters[i].Value = value;
            }
            else
            {
                command.Parameters.AddWithValue($"${i + 1}", value);
            }
        }
    }
}
