using System.Globalization;
using System.Text;
using BreakHis.Json;

namespace BreakHis.Ledger.Chain;

/// <summary>A row of the records table: a record's position in the ledger's chain, and its hashes.</summary>
/// <param name="Number">The position in the ledger's chain, counted from 1.</param>
/// <param name="Run">The run, or <see cref="LedgerNote.Ledger"/>.</param>
/// <param name="Record">The position in the run's chain, counted from 0.</param>
/// <param name="Kind">What happened, such as run_ended.</param>
/// <param name="Hash">SHA-256 of its line.</param>
/// <param name="Head">SHA-256 over hash, positions and the previous head.</param>
/// <param name="Marks">The marks of its rows, as JSON.</param>
internal sealed record RecordEntry(
    long Number,
    string Run,
    long Record,
    string Kind,
    string Hash,
    string Head,
    string Marks
);

/// <summary>The parts of a record that are hashed.</summary>
internal static class RecordLine
{
    /// <summary>The hash before the first record.</summary>
    public static string None { get; } = new('0', 64);

    /// <summary>Returns the canonical JSON of a record; its SHA-256 in UTF-8 is the record's hash.</summary>
    /// <param name="before">The hash of the run's previous record.</param>
    /// <param name="kind">What happened, such as run_ended.</param>
    /// <param name="record">The position in the run's chain.</param>
    /// <param name="rows">The rows, by table and key.</param>
    public static string Of(string before, string kind, long record, string run, IEnumerable<RecordRow> rows)
    {
        var text = new StringBuilder();
        text.Append("{\"before\":\"").Append(before).Append("\",\"kind\":");
        CanonicalJson.TextValue.Write(text, kind);
        text.Append(CultureInfo.InvariantCulture, $",\"number\":{record},\"rows\":{{");
        string? table = null;
        foreach (RecordRow row in rows)
        {
            bool sameTable = row.Table.Name == table;
            text.Append(
                sameTable ? ","
                : table is null ? ""
                : "],"
            );
            if (!sameTable)
            {
                table = row.Table.Name;
                text.Append('"').Append(table).Append("\":[");
            }

            text.Append(row.Json);
        }

        text.Append(table is null ? "}" : "]}").Append(",\"run\":");
        CanonicalJson.TextValue.Write(text, run);
        return text.Append('}').ToString();
    }

    /// <summary>Returns the head of the ledger's chain at a record.</summary>
    public static string Head(string before, string hash, long number, long record, string run) =>
        CanonicalJson
            .Object(("before", before), ("hash", hash), ("number", number), ("record", record), ("run", run))
            .Hash();

    /// <summary>Returns the marks of rows, by table and in row order.</summary>
    public static string Marks(IEnumerable<RecordRow> rows) =>
        CanonicalJson
            .Object(
                rows.GroupBy(row => row.Table.Name, StringComparer.Ordinal)
                    .Select(table => (table.Key, CanonicalJson.From(string.Concat(table.Select(row => row.Mark)))))
            )
            .ToString();
}
