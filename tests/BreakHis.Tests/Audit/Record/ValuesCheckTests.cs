using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Audit.Record;

/// <summary>ValuesCheck decides by the names of columns; no column of the schema may escape it unnoticed.</summary>
public sealed class ValuesCheckTests
{
    private const string Share = "a share: the schema limits it to 0 to 1, and the scores follow from the predictions";
    private const string Loss = "can be infinite or not a number; the one of the kept weights follows from predictions";

    /// <summary>Columns of numbers in which any value is allowed, with the reason.</summary>
    private static readonly Dictionary<string, string> AnyValue = new(StringComparer.Ordinal)
    {
        ["epochs.train_accuracy"] = Share,
        ["epochs.train_balanced_accuracy"] = Share,
        ["epochs.train_loss"] = Loss,
        ["epochs.train_macro_f1"] = Share,
        ["epochs.validation_accuracy"] = Share,
        ["epochs.validation_balanced_accuracy"] = Share,
        ["epochs.validation_loss"] = Loss,
        ["epochs.validation_macro_f1"] = Share,
        ["runs.seed"] = "any integer of 64 bits is a seed",
        ["stage_ends.accuracy"] = Share,
        ["stage_ends.balanced_accuracy"] = Share,
        ["stage_ends.loss"] = Loss,
        ["stage_ends.macro_f1"] = Share,
        ["test_scores.accuracy"] = Share,
        ["test_scores.balanced_accuracy"] = Share,
        ["test_scores.loss"] = Loss,
        ["test_scores.macro_f1"] = Share,
    };

    [Fact]
    public void Every_column_of_numbers_has_a_range_or_is_listed()
    {
        using var folder = new TemporaryFolder();
        string path = folder["ledger.db"];
        string run;
        using (var ledger = LedgerDatabase.Open(path))
        {
            run = new ConsistentRun().Write(ledger);
        }

        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        connection.Execute("PRAGMA ignore_check_constraints = ON");
        List<string> notChecked = [];
        foreach (LedgerTable table in LedgerSchema.Tables)
        {
            foreach (LedgerColumn column in table.Columns.Where(column => column.Type is "INTEGER" or "REAL"))
            {
                using SqliteTransaction undone = connection.BeginTransaction();
                connection.Execute(
                    $"UPDATE OR REPLACE {table.Name} SET {column.Name} = -1 WHERE {table.Run} = $1",
                    run
                );
                Assert.True(connection.Scalar<long>("SELECT changes()") > 0, $"the run has no row of {table.Name}");
                string fault = $"{table.Name}: {column.Name} is not between";
                if (!ValuesCheck.Of(connection, run).Any(check => Fails(check, fault)))
                {
                    notChecked.Add($"{table.Name}.{column.Name}");
                }
            }
        }

        Assert.Equal(AnyValue.Keys.Order(StringComparer.Ordinal), notChecked.Order(StringComparer.Ordinal));
    }

    private static bool Fails(AuditEntry check, string fault) =>
        check.Outcome == AuditOutcome.Fail && check.Reason.StartsWith(fault, StringComparison.Ordinal);
}
