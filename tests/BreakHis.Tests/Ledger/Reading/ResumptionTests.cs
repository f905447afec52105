using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Reading;

/// <summary>A run resumes from the last files that are as they were written.</summary>
public sealed class ResumptionTests : IDisposable
{
    private static readonly string[] Stages = ["bottleneck", "fine_tune"];

    private readonly TemporaryFolder _folder = new();
    private readonly RecordedRun _run;

    public ResumptionTests()
    {
        using var ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        _run = ledger.Load(ledger.Begin(SyntheticRun.New()));
    }

    private RunFolder Run => new(_folder["run"]);

    [Fact]
    public void A_run_resumes_at_its_first_stage_without_an_end()
    {
        RecordedRun bottleneck = Ended(_run, "bottleneck");
        RecordedRun both = Ended(bottleneck, "fine_tune");

        Assert.Equal(("bottleneck", null, 0), Point(_run));
        Assert.Equal(("bottleneck", null, 0), Point(Ended(_run, "fine_tune")));
        Assert.Equal(("fine_tune", null, 0), Point(bottleneck));
        Assert.Equal((null, null, 0), Point(both));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Weights of bottleneck")]
    public void A_stage_without_its_kept_weights_is_repeated(string? content)
    {
        RecordedRun both = Ended(Ended(_run, "bottleneck"), "fine_tune");
        string path = Run.File("bottleneck/best.safetensors");
        Rewrite(path, content);

        Assert.Equal(("bottleneck", null, 1), Point(both));
        Assert.Contains(path, Assert.Single(Resumption.Of(both, Run, Stages).Damaged), StringComparison.Ordinal);
    }

    /// <summary>Hashing terabytes takes hours.</summary>
    [Fact]
    public void A_file_of_another_length_is_not_read()
    {
        RecordedRun run = Ended(_run, "bottleneck");
        SparseFile.Make(Run.File("bottleneck/best.safetensors"), 1L << 40);

        Assert.Equal(("bottleneck", null, 1), Point(run));
    }

    [Fact]
    public void A_stage_is_repeated_even_if_only_one_of_its_files_is_lost()
    {
        RecordedRun run = Ended(_run, "bottleneck");
        run = run with { Artifacts = [.. run.Artifacts, new("bottleneck", "x", "missing", SyntheticRun.Hash(1), 1)] };

        Assert.Equal(("bottleneck", null, 1), Point(run));
    }

    [Fact]
    public void The_last_checkpoint_of_the_stage_is_used()
    {
        RecordedRun run = Begun(Written("bottleneck", 1), Written("bottleneck", 2), Written("fine_tune", 1));

        Assert.Equal(("bottleneck", 2, 0), Point(run));
        Assert.Equal(("fine_tune", 1, 0), Point(Ended(run, "bottleneck")));
        Assert.Equal((null, null, 0), Point(Ended(Ended(run, "bottleneck"), "fine_tune")));
    }

    [Theory]
    [InlineData("bottleneck-2-0", null, 1, 0)]
    [InlineData("bottleneck-2-0", "State 2", 1, 1)]
    [InlineData("bottleneck-best-2", null, 1, 1)]
    [InlineData("bottleneck-best-2", "Best 2", 1, 1)]
    [InlineData("bottleneck-1-0", "State 1", 2, 0)]
    public void A_deleted_checkpoint_is_passed_over_and_a_changed_one_is_reported(
        string file,
        string? content,
        int epoch,
        int damaged
    )
    {
        RecordedRun run = Begun(Written("bottleneck", 1), Written("bottleneck", 2));
        string path = Run.File($"checkpoints/{file}.safetensors");
        Rewrite(path, content);

        Assert.Equal(("bottleneck", epoch, damaged), Point(run));
        Assert.All(
            Resumption.Of(run, Run, Stages).Damaged,
            line => Assert.StartsWith(path, line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_checkpoint_needs_no_best_weights_if_none_were_kept_yet()
    {
        RecordedRun run = Begun(Written("bottleneck", 1) with { Best = null });

        Assert.Equal(("bottleneck", 1, 0), Point(run));
    }

    [Fact]
    public void A_run_from_elsewhere_resumes_only_where_an_epoch_ended()
    {
        Checkpoint within = Written("bottleneck", 1) with { Step = 3 };
        RecordedRun run = Begun(Written("bottleneck", 1), within);
        RecordedRun elsewhere = run with { Summary = run.Summary with { IsMadeHere = false } };
        RecordedRun forged = elsewhere with
        {
            Checkpoints = [Written("bottleneck", 0)],
            Stages = [run.Stages[0] with { Epochs = [] }],
        };

        Assert.Equal(within, Resumption.Of(run, Run, Stages).From!.Checkpoint);
        Assert.Equal(run.Checkpoints[0], Resumption.Of(elsewhere, Run, Stages).From!.Checkpoint);
        Assert.Null(Resumption.Of(forged, Run, Stages).From!.Checkpoint);
        Assert.Equal([1], Resumption.Of(run, Run, Stages).From!.Epochs.Select(epoch => epoch.Epoch));
    }

    [Fact]
    public void A_checkpoint_after_an_epoch_that_was_not_recorded_is_not_used() =>
        Assert.Equal(("bottleneck", null, 0), Point(_run with { Checkpoints = [Written("bottleneck", 1)] }));

    public void Dispose() => _folder.Dispose();

    private (string? Stage, int? Epoch, int Damaged) Point(RecordedRun run)
    {
        var found = Resumption.Of(run, Run, Stages);
        return (found.From!.Stage, found.From.Checkpoint?.Epoch, found.Damaged.Count);
    }

    /// <summary>A run whose stages have recorded the epochs of its checkpoints.</summary>
    private RecordedRun Begun(params Checkpoint[] checkpoints) =>
        _run with
        {
            Summary = _run.Summary with { IsMadeHere = true },
            Checkpoints = checkpoints,
            Stages =
            [
                .. checkpoints
                    .GroupBy(checkpoint => checkpoint.Stage, checkpoint => checkpoint.Epoch, StringComparer.Ordinal)
                    .Select(stage => new RecordedStage(
                        stage.Key,
                        "",
                        null,
                        null,
                        [.. Enumerable.Range(1, stage.Max()).Select(epoch => Epoch(stage.Key, epoch))],
                        [],
                        null
                    )),
            ],
        };

    private static EpochEnded Epoch(string stage, int epoch) =>
        new(stage, epoch, null, new Scores(1, 1, 1, 1), 1, 1, 1, true, null, SyntheticRun.Hash(epoch));

    private RecordedRun Ended(RecordedRun run, string stage)
    {
        var end = new StageEnded(stage, 1, false, new Scores(1, 1, 1, 1));
        HashedFile file = Write(RunFolder.Weights(stage, KeptEpoch.Best), $"weights of {stage}");
        return run with
        {
            Stages =
            [
                .. run.Stages.Where(begun => begun.Name != stage),
                new RecordedStage(stage, "", "", null, [], [], end),
            ],
            Artifacts = [.. run.Artifacts, new ArtifactWritten(stage, "best", file.Path, file.Sha256, file.Bytes)],
        };
    }

    private Checkpoint Written(string stage, int epoch) =>
        new(
            stage,
            epoch,
            0,
            Write(RunFolder.CheckpointOf(stage, epoch, 0), $"state {epoch}"),
            Write(RunFolder.BestOf(stage, epoch), $"best {epoch}")
        );

    private HashedFile Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Run.File(relative))!);
        File.WriteAllText(Run.File(relative), content);
        return Run.Hashed(relative);
    }

    private static void Rewrite(string path, string? content)
    {
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path, content);
        }
    }
}
