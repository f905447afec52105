using System.Globalization;
using System.Text;
using BreakHis.Files;
using BreakHis.Json;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>A row as its record contains it.</summary>
/// <param name="Record">The record that the row belongs to.</param>
/// <param name="Json">Its columns by name, as canonical JSON. Run, record and NULL columns are omitted, so that a
/// column added by a later schema changes no hash. Infinite numbers are text.</param>
internal sealed record RecordRow(long Record, LedgerTable Table, string Json)
{
    /// <summary>A short checksum that identifies an edited row if no record file can.</summary>
    public string Mark => Sha256Hex.OfText(Json)[..MarkLength];

    /// <summary>The number of characters of a mark.</summary>
    public const int MarkLength = 8;
}

/// <summary>Reads rows in the form of their records.</summary>
internal static class RecordRows
{
    /// <summary>Returns the rows of one record, by table and key.</summary>
    public static List<RecordRow> Of(SqliteConnection connection, string run, long record) =>
        Of(connection, run, record, LedgerSchema.Tables);

    /// <summary>Returns the rows of one record in some tables.</summary>
    public static List<RecordRow> Of(
        SqliteConnection connection,
        string run,
        long record,
        IEnumerable<LedgerTable> tables
    ) => [.. tables.SelectMany(table => Of(connection, table, " AND record = $2", run, record))];

    /// <summary>Returns the rows of all records of a run, by table and key.</summary>
    public static List<RecordRow> Of(SqliteConnection connection, string run) =>
        [.. LedgerSchema.Tables.SelectMany(table => Of(connection, table, "", run))];

    /// <summary>Returns the rows of all runs in a table, by run and key.</summary>
    public static List<(string Run, RecordRow Row)> OfAllRuns(SqliteConnection connection, LedgerTable table)
    {
        var text = new StringBuilder();
        return connection.Query(
            $"SELECT record{Columns(table)}, {table.Run} FROM {table.Name} ORDER BY {Order(table)}",
            row => (row.TextOrEmpty(table.Columns.Count + 1), Read(row, table, text))
        );
    }

    private static List<RecordRow> Of(
        SqliteConnection connection,
        LedgerTable table,
        string condition,
        params ReadOnlySpan<object?> values
    )
    {
        var text = new StringBuilder();
        return connection.Query(
            $"SELECT record{Columns(table)} FROM {table.Name} WHERE {table.Run} = $1{condition} ORDER BY {Order(table)}",
            row => Read(row, table, text),
            values
        );
    }

    private static string Columns(LedgerTable table) =>
        string.Concat(table.Columns.Select(column => $", {column.Name}"));

    private static string Order(LedgerTable table) => string.Join(", ", [table.Run, .. table.Key]);

    private static RecordRow Read(SqliteDataReader row, LedgerTable table, StringBuilder text) =>
        new(row.WholeOrMinusOne(0), table, Json(row, table, text));

    private static string Json(SqliteDataReader row, LedgerTable table, StringBuilder text)
    {
        text.Clear();
        char separator = '{';
        for (int i = 0; i < table.Columns.Count; i++)
        {
            if (row.IsDBNull(i + 1))
            {
                continue;
            }

            text.Append(separator).Append('"').Append(table.Columns[i].Name).Append("\":");
            switch (table.Columns[i].Type)
            {
                case "INTEGER":
                    text.Append(CultureInfo.InvariantCulture, $"{row.GetInt64(i + 1)}");
                    break;
                case "REAL":
                    text.Append(Number(row.GetDouble(i + 1)));
                    break;
                default:
                    CanonicalJson.TextValue.Write(text, row.GetString(i + 1));
                    break;
            }

            separator = ',';
        }

        return text.Append(separator == '{' ? "{}" : "}").ToString();
    }

    private static string Number(double value) =>
        double.IsFinite(value) ? CanonicalNumber.Of(value)
        : value > 0 ? "\"Infinity\""
        : "\"-Infinity\"";
}
