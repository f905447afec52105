using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Import;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks that every value is one that this tool writes, and that its readers can read.</summary>
internal static class ValuesCheck
{
    private const string Name = "values";
    private const int HashDigits = 64;

    /// <summary>Returns the check, with one failure per column that has a value out of range.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run) =>
        CheckResult
            .Of(Faults(connection, run), "numbers, times, keys and paths are in their ranges")
            .As(AuditLevel.Record, Name, run);

    /// <summary>Returns the check of a run that does not have the form of one; it replaces all other checks.</summary>
    public static IEnumerable<AuditEntry> Unreadable(string run, string reason) =>
        [CheckResult.Fail(reason).As(AuditLevel.Record, Name, run)];

    private static IEnumerable<string> Faults(SqliteConnection connection, string run) =>
        LedgerSchema.Tables.SelectMany(table =>
            table.Columns.Select(column => Fault(connection, run, table, column)).OfType<string>()
        );

    private static string? Fault(SqliteConnection connection, string run, LedgerTable table, LedgerColumn column) =>
        Nul(connection, run, table, column)
        ?? column.Type switch
        {
            "INTEGER" when column.Name == "seed" => null,
            "INTEGER" => Number(connection, run, table, column.Name, MostOf(column.Name)),
            "REAL" when IsFinite(column.Name) => Number(connection, run, table, column.Name, double.MaxValue),
            "TEXT" when IsTime(column.Name) => Text(
                connection,
                run,
                table,
                column.Name,
                text => LedgerText.TimeOf(text) is not null,
                "is not a time"
            ),
            "TEXT" when (table.Name, column.Name) == ("features", "key") => Text(
                connection,
                run,
                table,
                column.Name,
                key => HexName.Is(key, HashDigits),
                "is not a key"
            ),
            "TEXT" when IsPath(table.Name, column.Name) => Text(
                connection,
                run,
                table,
                column.Name,
                RecordedFiles.IsBelowRun,
                "is not a file of a run"
            ),
            _ => null,
        };

    /// <summary>No text that this tool records has the character U+0000, which ends a path for the system.</summary>
    private static string? Nul(SqliteConnection connection, string run, LedgerTable table, LedgerColumn column) =>
        column.Type == "TEXT"
        && connection.Scalar<long>(
            $"SELECT count(*) FROM {table.Name} WHERE {table.Run} = $1 AND instr(CAST({column.Name} AS BLOB), x'00') > 0",
            run
        ) > 0
            ? $"{table.Name}: {column.Name} has the character U+0000"
            : null;

    private static object MostOf(string column) => column is "bytes" or "best_bytes" ? long.MaxValue : int.MaxValue;

    /// <summary>Losses and scores can be infinite or NULL.</summary>
    private static bool IsFinite(string column) => column is "learning_rate" or "seconds" or "images_per_second";

    private static bool IsTime(string column) => column == "at" || column.EndsWith("_at", StringComparison.Ordinal);

    private static bool IsPath(string table, string column) =>
        (table, column) is ("artifacts" or "checkpoints", "path") or ("checkpoints", "best_path");

    private static string? Number(
        SqliteConnection connection,
        string run,
        LedgerTable table,
        string column,
        object most
    ) =>
        connection.Scalar<long>(
            $"SELECT count(*) FROM {table.Name} WHERE {table.Run} = $1 AND {column} NOT BETWEEN 0 AND $2",
            run,
            most
        ) > 0
            ? Invariant($"{table.Name}: {column} is not between 0 and {most}")
            : null;

    private static string? Text(
        SqliteConnection connection,
        string run,
        LedgerTable table,
        string column,
        Func<string, bool> isValid,
        string fault
    ) =>
        connection
            .Query(
                $"SELECT DISTINCT {column} FROM {table.Name} WHERE {table.Run} = $1 AND {column} IS NOT NULL",
                row => row.GetString(0),
                run
            )
            .Find(text => !isValid(text))
            is string wrong
            ? $"{table.Name}: {column} '{wrong}' {fault}"
            : null;
}
