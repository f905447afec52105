using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class RoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["sub/ledger.db"];

    [Fact]
    public void A_run_is_read_back_as_written()
    {
        string id;
        using (var ledger = LedgerDatabase.Open(File))
        {
            id = SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        using var reading = LedgerDatabase.OpenForReading(File);
        RecordedRun run = reading.Load(id);

        Assert.Matches("^[0-9a-f]{10}$", id);
        Assert.Equal((id, "synthetic", RunState.Finished), (run.Summary.Id, run.Summary.Name, run.Summary.State));
        Assert.Equal((-3L, SyntheticRun.Hash(1)), (run.Summary.Seed, run.Summary.Fingerprint));
        Assert.Equal(SyntheticRun.Plan().Choices, run.Summary.Choices);
        Assert.Equal(("2026-03-01T10:00:00Z", "2026-03-01T10:00:29Z"), (run.Summary.StartedAt, run.Summary.EndedAt));
        Assert.Equal("fine_tune", run.Summary.LastStage);
        Assert.Equal(SyntheticRun.Events.OfType<StageEnded>().Last().Kept, run.Summary.LastScores);
        Assert.Null(run.Summary.Process);
        Assert.Null(run.Failure);
        Assert.Equal(("experiments/synthetic.yaml", SyntheticRun.Hash(7)), (run.SpecFile, run.SpecHash));
        Assert.Equal(("""{"name":"synthetic"}""", """{"threads":2}"""), (run.Spec, run.Plan));
        Assert.Equal(SyntheticRun.Classes, run.Classes, StringComparer.Ordinal);
        Assert.Equal(SyntheticRun.Images, run.Images);
        Assert.Equal(SyntheticRun.Provenance, run.Provenance);
        Assert.Equal(SyntheticRun.SplitChecks, run.SplitChecks);
        Assert.Equal(SyntheticRun.Events.OfType<ArtifactWritten>().Skip(1).Reverse(), run.Artifacts);
        Assert.Equal(SyntheticRun.Checkpoints, run.Checkpoints);
    }

    [Fact]
    public void Stages_are_read_back_as_written()
    {
        using var ledger = LedgerDatabase.Open(File);
        RecordedRun run = ledger.Load(SyntheticRun.Complete(ledger, SyntheticRun.New()));

        Assert.Equal(
            [
                ("bottleneck", "2026-03-01T10:00:01Z", "2026-03-01T10:00:17Z"),
                ("fine_tune", "2026-03-01T10:00:18Z", "2026-03-01T10:00:27Z"),
            ],
            run.Stages.Select(s => (s.Name, s.StartedAt, s.EndedAt))
        );
        foreach (RecordedStage stage in run.Stages)
        {
            Assert.Equal(Written<FeaturesReady>(e => e.Stage == stage.Name).SingleOrDefault(), stage.Features);
            Assert.Equal(Written<EpochEnded>(e => e.Stage == stage.Name), stage.Epochs);
            Assert.Equal(Written<StageEnded>(e => e.Stage == stage.Name).Single(), stage.End);
            Assert.Equal(
                Written<ImagePredicted>(e => e.Stage == stage.Name).Select(p => (p.Image, Bits(p))),
                stage.AllPredictions.OrderBy(p => p.Image).Select(p => (p.Image, Bits(p)))
            );
            Assert.Equal([8, 9, 11, 12], stage.Predictions.Select(p => p.Image));
            Assert.Equal([10, 13], stage.TestPredictions.Select(p => p.Image));
        }
    }

    [Fact]
    public void Completed_epochs_survive_a_dying_process()
    {
        string id;
        using (var ledger = LedgerDatabase.Open(File))
        {
            id = ledger.Begin(SyntheticRun.New());
            foreach (RunEvent e in SyntheticRun.Events.TakeWhile(e => e is not StageEnded))
            {
                ledger.Record(id, e, SyntheticRun.Start);
            }

            // Copies the files without closing the ledger, as after a kill.
            Copy(File, _folder["copy.db"]);
        }

        using var reading = LedgerDatabase.OpenForReading(_folder["copy.db"]);
        RecordedRun run = reading.Load(id);
        Assert.Equal((RunState.Running, null), (run.Summary.State, run.Summary.EndedAt));
        Assert.Equal(RunProcess.Current, run.Summary.Process);
        Assert.Null(run.Summary.LastScores);
        RecordedStage stage = Assert.Single(run.Stages);
        Assert.Equal(Written<EpochEnded>(e => e.Stage == "bottleneck"), stage.Epochs);
        Assert.Null(stage.End);
        Assert.Null(stage.EndedAt);
        Assert.Empty(stage.Predictions);
    }

    [Fact]
    public void A_rejected_end_of_a_stage_leaves_no_rows()
    {
        using var ledger = LedgerDatabase.Open(File);
        string id = ledger.Begin(SyntheticRun.New());
        ledger.Record(id, new StageStarted("bottleneck"), SyntheticRun.Start);
        ledger.Record(id, new ImagePredicted("bottleneck", 99, [1, 0]), SyntheticRun.Start);
        var end = new StageEnded("bottleneck", 1, false, new Scores(1, 1, 1, 1));

        LedgerException e = Assert.Throws<LedgerException>(() => ledger.Record(id, end, SyntheticRun.Start));

        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Null(ledger.Load(id).Stages.Single().End);
    }

    [Fact]
    public void A_run_ends_only_once()
    {
        using var ledger = LedgerDatabase.Open(File);
        string id = ledger.Begin(SyntheticRun.New());
        ledger.Finish(id, RunState.Failed, "out of tissue", SyntheticRun.Start);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            ledger.Finish(id, RunState.Finished, null, SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Refused, e.Fault);
        RecordedRun run = ledger.Load(id);
        Assert.Equal((RunState.Failed, "out of tissue"), (run.Summary.State, run.Failure));
    }

    [Fact]
    public void A_finished_run_does_not_resume_and_an_interrupted_one_keeps_its_processes()
    {
        using var ledger = LedgerDatabase.Open(File);
        string id = ledger.Begin(SyntheticRun.New());
        RunProcess later = new(7, "boot space 1", "elsewhere");
        ledger.Finish(id, RunState.Interrupted, "why", SyntheticRun.Start);
        ledger.Resume(id, later, SyntheticRun.Start);
        Assert.Equal([RunProcess.Current, later], ledger.Load(id).Processes);
        Assert.Equal((RunState.Running, later), (ledger.Load(id).Summary.State, ledger.Load(id).Summary.Process));

        ledger.Finish(id, RunState.Finished, null, SyntheticRun.Start);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            ledger.Resume(id, RunProcess.Current, SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Equal(RunState.Finished, ledger.Load(id).Summary.State);
    }

    [Fact]
    public void A_run_does_not_finish_before_its_predictions_are_written()
    {
        using var ledger = LedgerDatabase.Open(File);
        string id = ledger.Begin(SyntheticRun.New());
        ledger.Record(id, new StageStarted("bottleneck"), SyntheticRun.Start);
        ledger.Record(id, new ImagePredicted("bottleneck", 8, [1, 0]), SyntheticRun.Start);

        Assert.Throws<LedgerException>(() => ledger.Finish(id, RunState.Finished, null, SyntheticRun.Start));

        ledger.Finish(id, RunState.Interrupted, null, SyntheticRun.Start);
        Assert.Equal(RunState.Interrupted, ledger.Load(id).Summary.State);
    }

    [Fact]
    public void A_rejected_run_leaves_no_rows()
    {
        using var ledger = LedgerDatabase.Open(File);
        NewRun twice = SyntheticRun.New() with { Provenance = [new("a", "1"), new("a", "2")] };

        Assert.Throws<LedgerException>(() => ledger.Begin(twice));

        Assert.Empty(ledger.List(new RunFilter()).Runs);
        Assert.Equal(0, ledger.Connection.Scalar<long>("SELECT count(*) FROM run_states"));
    }

    [Theory]
    [InlineData(
        "INSERT INTO stages (run_id, stage, number, started_at) VALUES ('0000000000', 's', 0, '2026-01-01T00:00:00Z')"
    )]
    [InlineData("UPDATE runs SET seed = 'seven'")]
    [InlineData("UPDATE runs SET started_at = '1 January'")]
    [InlineData("UPDATE run_states SET state = 'done'")]
    [InlineData("UPDATE images SET sha256 = 'ABC'")]
    [InlineData("UPDATE images SET class = 2")]
    [InlineData("UPDATE split_checks SET verdict = 'not checked'")]
    [InlineData("UPDATE epochs SET validation_accuracy = 1.5")]
    [InlineData("UPDATE predictions SET probabilities = '[0,'")]
    [InlineData("DELETE FROM runs")]
    public void The_schema_rejects_impossible_values(string sql)
    {
        using var ledger = LedgerDatabase.Open(File);
        SyntheticRun.Complete(ledger, SyntheticRun.New());
        SqliteException e = Assert.Throws<SqliteException>(() => ledger.Connection.Execute(sql));
        Assert.Equal(SQLitePCL.raw.SQLITE_CONSTRAINT, e.SqliteErrorCode);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM run_summary", 1)]
    [InlineData("SELECT count(*) FROM kept_scores WHERE images = 4 AND name = 'synthetic'", 2)]
    [InlineData("SELECT count(*) FROM epochs_by_run WHERE seed = -3", 4)]
    [InlineData("SELECT count(*) FROM chain WHERE length(head) = 64", 17)]
    public void The_views_show_the_written_rows(string sql, long rows)
    {
        using var ledger = LedgerDatabase.Open(File);
        SyntheticRun.Complete(ledger, SyntheticRun.New());
        Assert.Equal(rows, ledger.Connection.Scalar<long>(sql));
    }

    [Fact]
    public void Every_table_is_strict()
    {
        using var ledger = LedgerDatabase.Open(File);
        string[] loose =
        [
            .. ledger.Connection.Query(
                "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
                row => row.GetString(0)
            ),
        ];
        Assert.Empty(loose);
        Assert.Equal(
            19,
            ledger.Connection.Scalar<long>("SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 1")
        );
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<T> Written<T>(Func<T, bool> which) => SyntheticRun.Events.OfType<T>().Where(which);

    private static string Bits(ImagePredicted prediction) =>
        string.Join(' ', prediction.Probabilities.Select(p => $"{BitConverter.SingleToInt32Bits(p):x8}"));

    private static void Copy(string from, string to)
    {
        System.IO.File.Copy(from, to);
        System.IO.File.Copy(from + "-wal", to + "-wal");
    }
}
