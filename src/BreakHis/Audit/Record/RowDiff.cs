using System.Text.Json;
using BreakHis.Ledger.Chain;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Finds the rows in which a record differs from what was written.</summary>
internal static class RowDiff
{
    private const int LongestValue = 80;

    /// <summary>Returns the differing rows, columns and values, using the record's line in the run folder.</summary>
    /// <param name="line">The record's line, with its recorded hash.</param>
    public static IEnumerable<string> ByLine(string line, IReadOnlyList<RecordRow> rows)
    {
        using var document = JsonDocument.Parse(line);
        var recorded = document
            .RootElement.GetProperty("rows")
            .EnumerateObject()
            .SelectMany(table => table.Value.EnumerateArray().Select(row => (Table: table.Name, Row: row)))
            .ToDictionary(
                row => Place(TableOf(row.Table), row.Row),
                row => row.Row.GetRawText(),
                StringComparer.Ordinal
            );
        var present = rows.ToDictionary(Place, row => row.Json, StringComparer.Ordinal);
        foreach ((string place, string json) in recorded)
        {
            if (!present.TryGetValue(place, out string? now))
            {
                yield return $"{place}: was deleted or moved to another record, or its key was edited";
            }
            else if (now != json)
            {
                foreach (string column in Columns(json, now))
                {
                    yield return $"{place}: {column}";
                }
            }
        }

        foreach (string place in present.Keys.Where(place => !recorded.ContainsKey(place)))
        {
            yield return $"{place}: was inserted or moved from another record, or its key was edited";
        }
    }

    /// <summary>Returns the differing rows, using the row marks in the ledger.</summary>
    public static IEnumerable<string> ByMarks(string marks, IReadOnlyList<RecordRow> rows)
    {
        Dictionary<string, string>? recorded = Parsed(marks);
        if (recorded is null)
        {
            return ["the record's marks match no rows"];
        }

        return recorded
            .Keys.Union(rows.Select(row => row.Table.Name), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .SelectMany(table =>
                ByMarks(
                    table,
                    [
                        .. recorded
                            .GetValueOrDefault(table, "")
                            .Chunk(RecordRow.MarkLength)
                            .Select(mark => new string(mark)),
                    ],
                    [.. rows.Where(row => row.Table.Name == table)]
                )
            );
    }

    /// <summary>Returns a row's table and key.</summary>
    public static string Place(RecordRow row)
    {
        using var document = JsonDocument.Parse(row.Json);
        return Place(row.Table, document.RootElement);
    }

    private static IEnumerable<string> ByMarks(string table, string[] recorded, RecordRow[] rows)
    {
        RecordRow[] others = [.. Without(rows, row => row.Mark, recorded)];
        int[] missing =
        [
            .. Without(recorded.Index(), mark => mark.Item, rows.Select(row => row.Mark)).Select(m => m.Index),
        ];
        if (others.Length == missing.Length)
        {
            return others.Select(row => $"{Place(row)}: was edited, or moved here from another record");
        }

        return others
            .Select(row => $"{Place(row)}: was inserted or edited, or moved here from another record")
            .Concat(
                missing.Select(i =>
                    Invariant(
                        $"{table}, row {i + 1} of {recorded.Length} written by the record: was deleted or edited, or moved to another record"
                    )
                )
            );
    }

    /// <summary>Returns the items whose mark is not in a list; each mark in the list matches one item.</summary>
    private static List<T> Without<T>(IEnumerable<T> items, Func<T, string> mark, IEnumerable<string> marks)
    {
        var left = marks.CountBy(m => m, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        List<T> without = [];
        foreach (T item in items)
        {
            int count = left.GetValueOrDefault(mark(item));
            if (count == 0)
            {
                without.Add(item);
            }
            else
            {
                left[mark(item)] = count - 1;
            }
        }

        return without;
    }

    private static string Place(LedgerTable? table, JsonElement row)
    {
        IEnumerable<string> keys = (table?.Key ?? [])
            .Where(column => row.TryGetProperty(column, out _))
            .Select(column => $"{column} {row.GetProperty(column)}");
        return $"{table?.Name}{(keys.Any() ? ", " : "")}{string.Join(", ", keys)}";
    }

    private static LedgerTable? TableOf(string name) => LedgerSchema.Tables.FirstOrDefault(table => table.Name == name);

    private static IEnumerable<string> Columns(string recorded, string now)
    {
        using var before = JsonDocument.Parse(recorded);
        using var after = JsonDocument.Parse(now);
        Dictionary<string, string> then = Values(before);
        Dictionary<string, string> here = Values(after);
        return
        [
            .. then
                .Keys.Union(here.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Where(column => then.GetValueOrDefault(column) != here.GetValueOrDefault(column))
                .Select(column =>
                    $"{column} was recorded as {Shown(then.GetValueOrDefault(column))}, is now {Shown(here.GetValueOrDefault(column))}"
                ),
        ];
    }

    private static Dictionary<string, string> Values(JsonDocument row) =>
        row
            .RootElement.EnumerateObject()
            .ToDictionary(column => column.Name, column => column.Value.GetRawText(), StringComparer.Ordinal);

    private static string Shown(string? json) => json is null ? "NULL" : Clipped.To(LongestValue, json);

    private static Dictionary<string, string>? Parsed(string marks)
    {
        try
        {
            using var document = JsonDocument.Parse(marks);
            return document
                .RootElement.EnumerateObject()
                .ToDictionary(table => table.Name, table => table.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
