using BreakHis.Audit;
using BreakHis.Audit.Artifacts;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Audit.Artifacts;

public sealed class ArtifactChecksTests : IDisposable
{
    private readonly AuditedRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Unmodified_files_pass() =>
        Assert.Equal((AuditOutcome.Pass, "2 files are present, and their hashes match"), Artifacts(_runs.Run()));

    [Fact]
    public void A_flipped_bit_in_the_kept_weights_fails_with_the_file_name()
    {
        RecordedRun run = _runs.Run();
        string file = _runs.Home.Run(run.Summary.Id).File("fine_tune/best.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[3] ^= 1;
        File.WriteAllBytes(file, bytes);

        (AuditOutcome outcome, string reason) = Artifacts(run);

        Assert.Equal(AuditOutcome.Fail, outcome);
        Assert.StartsWith("fine_tune/best.safetensors: the hash does not match", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("bottleneck", reason, StringComparison.Ordinal);
    }

    /// <summary>Nothing writes to the pipe, so reading it would not end.</summary>
    [Fact]
    public void A_pipe_in_place_of_a_file_is_not_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs named pipes");
        RecordedRun run = _runs.Run();
        string file = _runs.Home.Run(run.Summary.Id).File("fine_tune/best.safetensors");
        File.Delete(file);
        NamedPipe.Make(file);

        (AuditOutcome outcome, string reason) = Artifacts(run);

        Assert.NotEqual(AuditOutcome.Pass, outcome);
        Assert.StartsWith("fine_tune/best.safetensors", reason, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => Sha256Hex.OfFile(file));
    }

    [Fact]
    public void A_missing_or_longer_file_fails_with_its_name()
    {
        RecordedRun run = _runs.Run();
        RunFolder folder = _runs.Home.Run(run.Summary.Id);
        File.Delete(folder.File("bottleneck/best.safetensors"));
        File.AppendAllText(folder.File("fine_tune/best.safetensors"), "x");

        Assert.Equal(
            (
                AuditOutcome.Fail,
                $"bottleneck/best.safetensors is missing from {folder.Path}; fine_tune/best.safetensors has 21 bytes; recorded: 20"
            ),
            Artifacts(run)
        );
    }

    [Fact]
    public void A_running_run_is_inconclusive_but_not_after_its_process_has_ended()
    {
        RecordedRun run = _runs.Run();
        RunSummary running = run.Summary with { State = RunState.Running };
        RunProcess gone = RunProcess.Current with { Started = "another boot 1 2" };

        Assert.Equal(
            AuditOutcome.Inconclusive,
            Artifacts(run with { Summary = running with { Process = RunProcess.Current } }).Outcome
        );
        Assert.Equal(
            AuditOutcome.Pass,
            Artifacts(run with { Summary = running with { Process = gone with { Started = "boot space 1" } } }).Outcome
        );
        Assert.Equal(
            AuditOutcome.Inconclusive,
            Artifacts(run with { Summary = running with { Process = gone with { Machine = "elsewhere" } } }).Outcome
        );
        Assert.Equal(
            AuditOutcome.Inconclusive,
            Artifacts(run with { Summary = running with { Process = null } }).Outcome
        );
    }

    [Fact]
    public void A_file_that_cannot_be_read_fails_with_its_name()
    {
        RecordedRun run = _runs.Run();
        using var file = new FileStream(
            _runs.Home.Run(run.Summary.Id).File("fine_tune/best.safetensors"),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );

        (AuditOutcome outcome, string reason) = Artifacts(run);

        Assert.Equal(AuditOutcome.Fail, outcome);
        Assert.StartsWith("fine_tune/best.safetensors", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_file_is_read_once()
    {
        RecordedRun run = _runs.Run();
        List<int> read = [];
        var files = new HashedFiles(read.Add);

        foreach (int _ in (int[])[1, 2])
        {
            Assert.Single(ArtifactChecks.Of(run, _runs.Home.Run(run.Summary.Id), files));
        }

        Assert.Equal([1, 2], read);
    }

    [Fact]
    public void A_run_without_files_passes() =>
        Assert.Equal(AuditOutcome.Pass, Artifacts(_runs.Run() with { Artifacts = [] }).Outcome);

    [Fact]
    public void Only_the_last_checkpoint_of_an_unfinished_run_is_required()
    {
        RecordedRun run = _runs.Run();
        RunFolder folder = _runs.Home.Run(run.Summary.Id);
        Directory.CreateDirectory(folder.File("checkpoints"));
        File.WriteAllText(folder.File("checkpoints/last"), "state");
        HashedFile last = folder.Hashed("checkpoints/last");
        RecordedRun stopped = run with
        {
            Summary = run.Summary with { State = RunState.Interrupted },
            Stages = [run.Stages[0], run.Stages[1] with { End = null }],
            Checkpoints =
            [
                new Checkpoint("fine_tune", 1, 0, new HashedFile("checkpoints/old", SyntheticRun.Hash(1), 5), null),
                new Checkpoint("fine_tune", 2, 0, last, null),
            ],
        };

        Assert.Equal(AuditOutcome.Pass, Checkpoint(stopped)!.Outcome);
        File.WriteAllText(folder.File("checkpoints/last"), "stAte");
        Assert.Equal(AuditOutcome.Fail, Checkpoint(stopped)!.Outcome);
        File.WriteAllText(folder.File("checkpoints/last"), "state");
        RecordedRun Best(HashedFile best) => stopped with { Checkpoints = [new("fine_tune", 2, 0, last, best)] };
        Assert.Equal(AuditOutcome.Pass, Checkpoint(Best(last))!.Outcome);
        Assert.Equal(AuditOutcome.Fail, Checkpoint(Best(last with { Path = "checkpoints/best" }))!.Outcome);
        Assert.Null(Checkpoint(stopped with { Checkpoints = [] }));
        Assert.Equal(AuditOutcome.Pass, Checkpoint(stopped with { Stages = [] })!.Outcome);

        // Neither a finished run nor a finished stage keeps checkpoints.
        Assert.Null(Checkpoint(stopped with { Summary = run.Summary }));
        Assert.Null(Checkpoint(stopped with { Stages = run.Stages }));
    }

    private (AuditOutcome Outcome, string Reason) Artifacts(RecordedRun run)
    {
        AuditEntry check = Checks(run).Single(check => check.Name == "artifacts");
        return (check.Outcome, check.Reason);
    }

    private AuditEntry? Checkpoint(RecordedRun run) => Checks(run).SingleOrDefault(check => check.Name == "checkpoint");

    private IEnumerable<AuditEntry> Checks(RecordedRun run) =>
        ArtifactChecks.Of(run, _runs.Home.Run(run.Summary.Id), new HashedFiles());
}
