using System.Text.Json;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>The content of a record's line, from a file that someone else may have written.</summary>
/// <param name="Place">File and line, for errors.</param>
/// <param name="Text">The line.</param>
/// <param name="Before">The hash of the run's previous record.</param>
/// <param name="Kind">What happened, such as run_ended.</param>
/// <param name="Record">The position in the run's chain.</param>
internal sealed record RecordContent(string Place, string Text, string Before, string Kind, long Record, string Run)
{
    /// <summary>The table of notes.</summary>
    public const string Notes = "notes";

    private const int LongestName = 40;

    /// <summary>Whether the record has nothing but notes.</summary>
    public bool IsNote { get; init; }

    /// <summary>Parses a record's line.</summary>
    /// <exception cref="LedgerException">The line is not a record.</exception>
    public static RecordContent Parse(string place, string text) =>
        Understood(
            place,
            () =>
            {
                using JsonDocument document = Parsed(text);
                JsonElement record = document.RootElement;
                return new RecordContent(
                    place,
                    text,
                    record.GetProperty("before").GetString()!,
                    record.GetProperty("kind").GetString()!,
                    record.GetProperty("number").GetInt64(),
                    record.GetProperty("run").GetString()!
                )
                {
                    IsNote = record
                        .GetProperty("rows")
                        .EnumerateObject()
                        .Select(rows => rows.Name)
                        .SequenceEqual([Notes], StringComparer.Ordinal),
                };
            }
        );

    /// <summary>
    /// Inserts the record's rows. Tables and columns come from the schema, and the inserted rows must produce the same
    /// line again, byte for byte.
    /// </summary>
    /// <returns>The marks of the rows.</returns>
    /// <exception cref="LedgerException">The rows cannot be inserted.</exception>
    public string Insert(SqliteConnection connection)
    {
        LedgerTable[] tables = Understood(
            Place,
            () =>
            {
                using JsonDocument document = Parsed(Text);
                return document
                    .RootElement.GetProperty("rows")
                    .EnumerateObject()
                    .Select(rows => Insert(connection, rows))
                    .ToArray();
            }
        );
        List<RecordRow> rows = RecordRows.Of(connection, Run, Record, tables);
        return RecordLine.Of(Before, Kind, Record, Run, rows) == Text
            ? RecordLine.Marks(rows)
            : throw RecordSource.Bad(Place, "is not in this tool's record format");
    }

    /// <summary>Returns the value of a note's entry; null if it has no entry with that name.</summary>
    public string? NoteOf(string name) =>
        Understood(
            Place,
            () =>
            {
                using JsonDocument document = Parsed(Text);
                return document.RootElement.GetProperty("rows").TryGetProperty(Notes, out JsonElement notes)
                    ? notes
                        .EnumerateArray()
                        .Where(note => note.GetProperty("name").GetString() == name)
                        .Select(note => note.GetProperty("value").GetString())
                        .FirstOrDefault()
                    : null;
            }
        );

    private LedgerTable Insert(SqliteConnection connection, JsonProperty rows)
    {
        LedgerTable table =
            LedgerSchema.Tables.FirstOrDefault(t => t.Name == rows.Name)
            ?? throw RecordSource.Bad(
                Place,
                $"this version has no table '{Clipped.To(LongestName, rows.Name)}'; update the tool"
            );
        string columns = string.Concat(table.Columns.Select(column => $", {column.Name}"));
        string parameters = string.Concat(table.Columns.Select((_, i) => Invariant($", ${i + 3}")));
        connection.ExecuteForEach(
            $"INSERT INTO {table.Name} ({table.Run}, record{columns}) VALUES ($1, $2{parameters})",
            rows.Value.EnumerateArray(),
            row => [Run, Record, .. Values(table, row)]
        );
        return table;
    }

    /// <summary>
    /// Returns the value of each column of the table; columns that the row does not contain are NULL.
    /// </summary>
    private object?[] Values(LedgerTable table, JsonElement row)
    {
        object?[] values = new object?[table.Columns.Count];
        foreach (JsonProperty value in row.EnumerateObject())
        {
            int column = table.IndexOf(value.Name);
            values[column >= 0 ? column : throw Unknown(table, value.Name)] = Value(table, column, value);
        }

        return values;
    }

    private object Value(LedgerTable table, int column, JsonProperty value) =>
        (table.Columns[column].Type, value.Value.ValueKind) switch
        {
            ("INTEGER", JsonValueKind.Number) when value.Value.TryGetInt64(out long whole) => whole,
            ("REAL", JsonValueKind.Number) => value.Value.GetDouble(),
            ("REAL", JsonValueKind.String) when value.Value.ValueEquals("Infinity") => double.PositiveInfinity,
            ("REAL", JsonValueKind.String) when value.Value.ValueEquals("-Infinity") => double.NegativeInfinity,
            ("TEXT", JsonValueKind.String) => value.Value.GetString()!,
            _ => throw RecordSource.Bad(Place, $"{table.Name}: {value.Name} has the wrong type"),
        };

    private LedgerException Unknown(LedgerTable table, string column) =>
        RecordSource.Bad(
            Place,
            $"in this version {table.Name} has no column '{Clipped.To(LongestName, column)}'; update the tool"
        );

    private static T Understood<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RecordSource.Bad(place, "is not in this tool's record format", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            throw RecordSource.Bad(place, $"conflicts with the rest of the ledger: {e.Message}", e);
        }
    }

    private static JsonDocument Parsed(string text) =>
        JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
}
