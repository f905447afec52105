using System.Globalization;
using System.Text;
using BreakHis.Ledger;
using Microsoft.Data.Sqlite;

namespace BreakHis.Tests.Ledger;

/// <summary>The complete content of a ledger as text.</summary>
internal static class Dump
{
    public static string Of(string ledger)
    {
        using var connection = new SqliteConnection($"Data Source={ledger};Pooling=False");
        connection.Open();
        var text = new StringBuilder();
        foreach (
            string table in connection.Query(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
                r => r.GetString(0)
            )
        )
        {
            text.Append(CultureInfo.InvariantCulture, $"{table}\n");
            List<string> rows = connection.Query(
                $"SELECT * FROM {table}",
                row =>
                    string.Join(
                        '|',
                        Enumerable
                            .Range(0, row.FieldCount)
                            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{row.GetValue(i)}"))
                    )
            );
            text.AppendJoin('\n', rows.Order(StringComparer.Ordinal)).Append('\n');
        }

        return text.ToString();
    }
}
