using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Audit.Record;

/// <summary>Numbers of a run that cannot be, even if nobody had changed them since.</summary>
public sealed class RunRecordTests : IClassFixture<RunRecordTests.Written>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _run;

    public RunRecordTests(Written written)
    {
        _run = written.Run;
        File.Copy(written.Path, Ledger);
    }

    private string Ledger => _folder["ledger.db"];

    [Theory]
    [InlineData("UPDATE predictions SET probabilities = '[0.25,0.25]'", "predictions", "sum to one")]
    [InlineData("UPDATE predictions SET probabilities = '[1.5,-0.5]'", "predictions", "between 0 and 1")]
    [InlineData("UPDATE predictions SET probabilities = '[1]'", "predictions", "1 probability")]
    [InlineData("UPDATE predictions SET probabilities = '{}'", "values", "format")]
    [InlineData("UPDATE predictions SET predicted = 1 - predicted", "predictions", "largest")]
    [InlineData("UPDATE predictions SET truth = 1 - truth", "predictions", "truth")]
    [InlineData("UPDATE predictions SET patient = 'p'", "predictions", "patient")]
    [InlineData("DELETE FROM predictions WHERE image < 5", "predictions", "validation images")]
    [InlineData("UPDATE images SET side = 'train' WHERE image < 5", "images and split", "sides")]
    [InlineData("UPDATE images SET path = 'x' || path", "images and split", "hash")]
    [InlineData("UPDATE classes SET name = 'x' || name", "images and split", "hash")]
    [InlineData("UPDATE stage_ends SET accuracy = 0.99", "scores", "accuracy is 0.99")]
    [InlineData("UPDATE stage_ends SET macro_f1 = 0.99", "scores", "macro_f1")]
    [InlineData("UPDATE stage_ends SET loss = loss * 1.01", "scores", "loss")]
    [InlineData("UPDATE stage_ends SET loss = loss * 1.00012", "scores", "loss")]
    [InlineData("UPDATE stage_ends SET loss = NULL", "scores", "loss")]
    [InlineData("UPDATE stage_ends SET kept_epoch = 1", "epochs", "kept_epoch")]
    [InlineData("UPDATE stage_ends SET stopped_early = 1", "epochs", "stopped_early")]
    [InlineData("UPDATE epochs SET is_best = 0 WHERE epoch = 3", "epochs", "is_best")]
    [InlineData("UPDATE epochs SET validation_accuracy = 0 WHERE epoch = 3", "epochs", "kept epoch")]
    [InlineData("DELETE FROM epochs WHERE epoch = 2", "epochs", "consecutive")]
    [InlineData("UPDATE runs SET spec = replace(spec, 'whole', 'other')", "spec and plan", "spec_hash")]
    [InlineData("UPDATE runs SET seed = 77", "spec and plan", "seed")]
    [InlineData(
        "UPDATE runs SET plan = replace(plan, '\"threads\":2', '\"threads\":3')",
        "spec and plan",
        "fingerprint"
    )]
    [InlineData("UPDATE runs SET plan = 'no', spec = 'no'", "values", "format")]
    [InlineData("UPDATE run_states SET state = 'finished', failure = NULL WHERE number = 1", "states", "finished")]
    [InlineData("DELETE FROM stage_ends WHERE stage = 'fine_tune'", "states", "fine_tune")]
    [InlineData("UPDATE stages SET number = 7 WHERE stage = 'fine_tune'", "numbering", "stages")]
    [InlineData("UPDATE stages SET number = number + 1000", "numbering", "stages")]
    [InlineData("UPDATE choices SET number = number + 1000", "numbering", "choices")]
    [InlineData("UPDATE classes SET class = class + 1000", "numbering", "classes")]
    [InlineData("UPDATE images SET image = image + 1000", "numbering", "images")]
    [InlineData("UPDATE run_states SET number = number + 1000", "numbering", "run_states")]
    [InlineData("UPDATE checkpoints SET number = number + 1000", "numbering", "checkpoints")]
    [InlineData("UPDATE artifacts SET number = 1 WHERE stage = 'fine_tune'", "numbering", "artifacts")]
    [InlineData("UPDATE images SET class = 2 WHERE image = 3", "images and split", "class")]
    [InlineData("UPDATE images SET class = -1 WHERE image = 3", "images and split", "class")]
    [InlineData(
        "UPDATE predictions SET image = 1000 WHERE image = (SELECT max(image) FROM predictions)",
        "predictions",
        "image 1000"
    )]
    [InlineData(
        "UPDATE predictions SET image = 24 WHERE image = (SELECT max(image) FROM predictions)",
        "predictions",
        "image 24"
    )]
    [InlineData(
        "UPDATE predictions SET image = -1 WHERE image = (SELECT max(image) FROM predictions)",
        "predictions",
        "image -1"
    )]
    [InlineData(
        "UPDATE predictions SET image = (SELECT min(image) FROM images WHERE side = 'train') WHERE image = (SELECT max(image) FROM predictions)",
        "predictions",
        "validation image"
    )]
    [InlineData("UPDATE predictions SET probabilities = '[0.5,0.50002]'", "predictions", "sum to one")]
    [InlineData("UPDATE predictions SET probabilities = '[0.5,0.5]', predicted = 1", "predictions", "largest")]
    [InlineData("UPDATE test_predictions SET predicted = 1 - predicted", "predictions", "test_predictions, stage")]
    [InlineData("DELETE FROM test_predictions WHERE image = 24", "predictions", "there are 3, but 4 test images")]
    [InlineData("DELETE FROM test_scores WHERE stage = 'fine_tune'", "predictions", "test_scores, stage fine_tune")]
    [InlineData("UPDATE test_scores SET accuracy = 0.99", "scores", "test_scores, stage")]
    [InlineData("UPDATE test_scores SET loss = loss * 1.01", "scores", "loss")]
    [InlineData("UPDATE test_images SET path = 'x' || path", "images and split", "hash")]
    [InlineData("DELETE FROM test_images WHERE image = 25", "numbering", "images")]
    [InlineData(
        "INSERT INTO test_images SELECT run_id, image, path, sha256, class, patient, subtype, magnification, record FROM images WHERE image = 0; DELETE FROM images WHERE image = 0",
        "images and split",
        "sides"
    )]
    [InlineData("UPDATE stage_ends SET balanced_accuracy = 0.99", "scores", "balanced_accuracy is 0.99")]
    [InlineData("UPDATE stage_ends SET accuracy = accuracy + 1e-8", "scores", "accuracy is")]
    [InlineData("UPDATE stage_ends SET stage = 'other' WHERE stage = 'fine_tune'", "predictions", "stage other")]
    [InlineData("UPDATE stages SET stage = 'other' WHERE stage = 'fine_tune'", "epochs", "stage other")]
    [InlineData(
        "UPDATE epochs SET train_loss = NULL, train_accuracy = NULL, train_macro_f1 = NULL, train_balanced_accuracy = NULL WHERE epoch = 2",
        "epochs",
        "epoch 2: only epoch 0"
    )]
    [InlineData(
        "UPDATE epochs SET train_loss = 1, train_accuracy = 1, train_macro_f1 = 1, train_balanced_accuracy = 1 WHERE epoch = 0",
        "epochs",
        "epoch 0: only epoch 0"
    )]
    [InlineData(
        "UPDATE epochs SET is_best = 1 WHERE epoch = 0",
        "epochs",
        "epoch 0: is_best contradicts validation_loss"
    )]
    [InlineData("DELETE FROM epochs WHERE epoch = 3", "epochs", "there are 2, but the plan has 3")]
    [InlineData(
        "UPDATE runs SET plan = replace(plan, '\"epochs\":3', '\"epochs\":2')",
        "epochs",
        "there are 3, but the plan has 2"
    )]
    [InlineData("UPDATE epochs SET epoch = 4 WHERE epoch = 3", "epochs", "consecutive")]
    [InlineData("UPDATE epochs SET validation_loss = validation_loss * 0.999 WHERE epoch = 3", "epochs", "kept epoch")]
    [InlineData("UPDATE epochs SET validation_macro_f1 = 0.01 WHERE epoch = 3", "epochs", "kept epoch")]
    [InlineData("UPDATE epochs SET validation_balanced_accuracy = 0.01 WHERE epoch = 3", "epochs", "kept epoch")]
    [InlineData("UPDATE runs SET name = 'other'", "spec and plan", "name is other, but whole in spec")]
    [InlineData("UPDATE runs SET fingerprint = replace(fingerprint, '1', '2')", "spec and plan", "fingerprint")]
    [InlineData("UPDATE runs SET spec_hash = replace(spec_hash, '1', '2')", "spec and plan", "in plan")]
    [InlineData("UPDATE runs SET spec = '{}'", "spec and plan", "name is whole, but nothing in spec")]
    [InlineData("DELETE FROM runs", "values", "runs")]
    [InlineData("UPDATE run_states SET state = 'failed' WHERE number = 0", "states", "running")]
    [InlineData("DELETE FROM run_states", "states", "running")]
    [InlineData("UPDATE run_states SET record = 3 WHERE number = 1", "states", "follows the end of the run")]
    [InlineData(
        "UPDATE run_states SET state = 'interrupted' WHERE number = 2",
        "states",
        "interrupted cannot follow interrupted"
    )]
    public void An_impossible_number_is_found(string sql, string name, string reason)
    {
        Tamper(sql);
        IReadOnlyList<AuditEntry> checks = Audit();
        Assert.Contains(
            checks,
            check => check.Outcome == AuditOutcome.Fail && check.Name == name && Says(check, reason)
        );
    }

    [Fact]
    public void A_class_after_the_last_one_does_not_exist()
    {
        Tamper("UPDATE images SET class = 2 WHERE image = 3");

        Assert.Contains(Audit(), check => Says(check, "has a class that does not exist"));
    }

    [Theory]
    [InlineData("UPDATE stage_ends SET ended_at = '2001-01-01T00:00:00Z'", false)]
    [InlineData("UPDATE stages SET started_at = '2001-01-01T00:00:00Z'", false)]
    [InlineData("UPDATE run_states SET at = '2001-01-01T00:00:00Z' WHERE number = 1", false)]
    [InlineData("UPDATE runs SET started_at = '2101-01-01T00:00:00Z'", false)]
    [InlineData("UPDATE run_states SET at = (SELECT started_at FROM runs)", true)]
    public void Times_that_go_backwards_are_inconclusive(string sql, bool passes)
    {
        Tamper(sql);
        Assert.Equal(
            passes ? AuditOutcome.Pass : AuditOutcome.Inconclusive,
            Audit().Single(check => check.Name == "times").Outcome
        );
    }

    /// <summary>Scores are computed twice, and probabilities are stored as floats.</summary>
    [Theory]
    [InlineData("UPDATE predictions SET probabilities = '[0.5,0.500005]'", "predictions", "sum to one")]
    [InlineData("UPDATE predictions SET probabilities = '[0.5,0.5]', predicted = 0", "predictions", "largest")]
    [InlineData("UPDATE stage_ends SET loss = loss * 1.0000005", "epochs", "kept epoch")]
    [InlineData("UPDATE stage_ends SET loss = loss * 1.00009", "scores", "loss")]
    [InlineData("UPDATE stage_ends SET accuracy = accuracy + 1e-10", "scores", "accuracy")]
    public void Small_differences_are_tolerated(string sql, string name, string reason)
    {
        Tamper(sql);
        Assert.DoesNotContain(
            Audit(),
            check => check.Name == name && check.Outcome == AuditOutcome.Fail && Says(check, reason)
        );
    }

    [Fact]
    public void A_loss_is_inconclusive_if_a_probability_has_lost_its_digits()
    {
        Tamper("UPDATE predictions SET probabilities = CASE predicted WHEN 0 THEN '[1,0]' ELSE '[0,1]' END");

        AuditEntry[] scores = [.. Audit().Where(check => check.Name == "scores")];

        Assert.Equal(2, scores.Count(check => check.Outcome == AuditOutcome.Inconclusive));
        Assert.DoesNotContain(scores, check => check.Outcome == AuditOutcome.Fail);
    }

    [Theory]
    [InlineData("best", true)]
    [InlineData("last", false)]
    public void The_kept_epoch_is_the_one_that_the_plan_keeps(string keep, bool fails)
    {
        Tamper(
            $"""
            UPDATE epochs SET validation_loss = 99, is_best = 0 WHERE epoch = 3;
            UPDATE runs SET plan = replace(plan, '"keep":"best"', '"keep":"{keep}"')
            """
        );

        Assert.Equal(
            fails,
            Audit().Any(check => check is { Name: "epochs", Outcome: AuditOutcome.Fail } && Says(check, "kept_epoch"))
        );
    }

    [Fact]
    public void References_to_missing_rows_are_counted_by_table()
    {
        Tamper("DELETE FROM stages WHERE stage = 'fine_tune'");

        AuditEntry[] failed = [.. Audit().Where(c => c is { Name: "foreign keys", Outcome: AuditOutcome.Fail })];

        Assert.Contains(failed, check => Says(check, "4 rows of epochs"));
        Assert.Contains(failed, check => Says(check, "1 row of artifacts"));
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<AuditEntry> Audit()
    {
        using var ledger = LedgerDatabase.OpenForReading(Ledger);
        return RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), [], [_run]);
    }

    private static bool Says(AuditEntry check, string what) => check.Reason.Contains(what, StringComparison.Ordinal);

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False;Foreign Keys=False");
        connection.Open();
        connection.Execute("PRAGMA ignore_check_constraints = ON");
        connection.Execute(sql);
    }

    /// <summary>A ledger with one run, written once for all tests.</summary>
    public sealed class Written : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Written()
        {
            using var ledger = LedgerDatabase.Open(Path);
            ledger.Connection.Execute("PRAGMA synchronous = OFF");
            Run = new ConsistentRun().Write(ledger);
        }

        public string Path => _folder["ledger.db"];

        public string Run { get; }

        public void Dispose() => _folder.Dispose();
    }
}
