using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>What a record's line says, from a file that somebody may have written.</summary>
/// <param name="Place">File and line, for errors.</param>
/// <param name="Text">The line.</param>
/// <param name="Before">The hash of the run's record before.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Record">Its place in the run's chain.</param>
/// <param name="Run">The run.</param>
internal sealed record RecordContent(string Place, string Text, string Before, string Kind, long Record, string Run)
{
    /// <summary>Reads a record's line.</summary>
    /// <exception cref="LedgerException">It is none.</exception>
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
                );
            }
        );

    /// <summary>
    /// Inserts the record's rows. Tables and columns are the schema's own, and what the database then holds must give the
    /// same line again, to the last byte.
    /// </summary>
    /// <returns>The marks of the rows.</returns>
    /// <exception cref="LedgerException">They cannot be inserted.</exception>
    public string Insert(SqliteConnection connection)
    {
        Understood(
            Place,
            () =>
            {
                using JsonDocument document = Parsed(Text);
                foreach (JsonProperty table in document.RootElement.GetProperty("rows").EnumerateObject())
                {
                    Insert(connection, table);
                }

                return true;
            }
        );
        List<RecordRow> rows = RecordRows.Of(connection, Run, Record);
        return RecordLine.Of(Before, Kind, Record, Run, rows) == Text
            ? RecordLine.Marks(rows)
            : throw RecordSource.Bad(Place, "is not written as this tool writes records");
    }

    /// <summary>The value of a note's entry; null where there is none of that name.</summary>
    public string? NoteOf(string name) =>
        Understood(
            Place,
            () =>
            {
                using JsonDocument document = Parsed(Text);
                return document.RootElement.GetProperty("rows").TryGetProperty("notes", out JsonElement notes)
                    ? notes
                        .EnumerateArray()
                        .Where(note => note.GetProperty("name").GetString() == name)
                        .Select(note => note.GetProperty("value").GetString())
                        .FirstOrDefault()
                    : null;
            }
        );

    private void Insert(SqliteConnection connection, JsonProperty rows)
    {
        LedgerTable table =
            LedgerSchema.Tables.FirstOrDefault(t => t.Name == rows.Name)
            ?? throw RecordSource.Bad(Place, $"this version has no table '{Short(rows.Name)}'; update the tool");
        foreach (JsonElement row in rows.Value.EnumerateArray())
        {
            (LedgerColumn Column, object Value)[] values =
            [
                .. row.EnumerateObject().Select(value => (ColumnOf(table, value.Name), ValueOf(table, value))),
            ];
            string columns = string.Concat(values.Select(value => $", {value.Column.Name}"));
            string parameters = string.Concat(values.Select((_, i) => FormattableString.Invariant($", ${i + 3}")));
            connection.Execute(
                $"INSERT INTO {table.Name} ({table.Run}, record{columns}) VALUES ($1, $2{parameters})",
                [Run, Record, .. values.Select(value => value.Value)]
            );
        }
    }

    private LedgerColumn ColumnOf(LedgerTable table, string name) =>
        table.Columns.FirstOrDefault(column => column.Name == name)
        ?? throw RecordSource.Bad(
            Place,
            $"in this version {table.Name} has no column '{Short(name)}'; update the tool"
        );

    private object ValueOf(LedgerTable table, JsonProperty value) =>
        (ColumnOf(table, value.Name).Type, value.Value.ValueKind) switch
        {
            ("INTEGER", JsonValueKind.Number) when value.Value.TryGetInt64(out long whole) => whole,
            ("REAL", JsonValueKind.Number) => value.Value.GetDouble(),
            ("REAL", JsonValueKind.String) when value.Value.ValueEquals("Infinity") => double.PositiveInfinity,
            ("REAL", JsonValueKind.String) when value.Value.ValueEquals("-Infinity") => double.NegativeInfinity,
            ("TEXT", JsonValueKind.String) => value.Value.GetString()!,
            _ => throw RecordSource.Bad(Place, $"{table.Name}: {value.Name} is of another type"),
        };

    private static T Understood<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e)
            when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw RecordSource.Bad(place, "is not written as this tool writes records", e);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 19)
        {
            throw RecordSource.Bad(place, $"cannot be, beside what the ledger holds: {e.Message}", e);
        }
    }

    private static JsonDocument Parsed(string text) =>
        JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });

    private static string Short(string text) => text.Length > 40 ? text[..40] + "..." : text;
}
