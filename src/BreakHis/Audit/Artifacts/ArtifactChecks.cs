using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Audit.Artifacts;

/// <summary>Checks that the files of a run exist and have their recorded hashes.</summary>
internal static class ArtifactChecks
{
    /// <summary>
    /// Returns the checks of a run's files: those it wrote and, if it is unfinished, its last checkpoint.
    /// </summary>
    public static IEnumerable<AuditEntry> Of(RecordedRun run, RunFolder folder, HashedFiles files)
    {
        bool atWork = run.Summary.State == RunState.Running && run.Summary.Process?.IsAlive() != false;
        if (atWork)
        {
            yield return CheckResult
                .Inconclusive("a process is working on the run, so its files may still change")
                .As(AuditLevel.Artifacts, "artifacts", run.Summary.Id);
            yield break;
        }

        yield return Artifacts(run, folder, files).As(AuditLevel.Artifacts, "artifacts", run.Summary.Id);
        if (DueCheckpoint(run) is { } checkpoint)
        {
            yield return Checkpoint(checkpoint, folder, files).As(AuditLevel.Artifacts, "checkpoint", run.Summary.Id);
        }
    }

    private static CheckResult Artifacts(RecordedRun run, RunFolder folder, HashedFiles files)
    {
        HashedFile[] recorded = [.. run.Artifacts.Select(a => new HashedFile(a.Path, a.Sha256, a.Bytes))];
        string[] wrong = [.. recorded.Select(file => WrongWith(file, folder, files)).OfType<string>()];
        return wrong.Length > 0 ? CheckResult.Fail(Listing.Clauses(wrong))
            : recorded.Length == 0 ? CheckResult.Pass("no files were recorded")
            : CheckResult.Pass(
                $"{Plural.Of(recorded.Length, "file is present, and its hash matches", "files are present, and their hashes match")}"
            );
    }

    private static CheckResult Checkpoint(Checkpoint checkpoint, RunFolder folder, HashedFiles files)
    {
        HashedFile[] recorded = [.. ((HashedFile?[])[checkpoint.State, checkpoint.Best]).OfType<HashedFile>()];
        string[] wrong = [.. recorded.Select(file => WrongWith(file, folder, files)).OfType<string>()];
        return wrong.Length == 0
            ? CheckResult.Pass($"the last checkpoint is present, its hash matches: {checkpoint.State.Path}")
            : CheckResult.Fail(Listing.Clauses(wrong));
    }

    /// <summary>
    /// Returns the checkpoint from which an unfinished run would resume. Earlier ones are deleted by design: all but
    /// the last two, and all of a finished stage.
    /// </summary>
    private static Checkpoint? DueCheckpoint(RecordedRun run) =>
        run.Summary.State != RunState.Finished
        && run.Checkpoints is [.., var last]
        && run.Stages.FirstOrDefault(stage => stage.Name == last.Stage)?.End is null
            ? last
            : null;

    private static string? WrongWith(HashedFile recorded, RunFolder folder, HashedFiles files)
    {
        var file = new FileInfo(folder.File(recorded.Path));
        try
        {
            return !file.Exists ? $"{recorded.Path} is missing from {folder.Path}"
                : file.Length != recorded.Bytes
                    ? $"{recorded.Path} has {Plural.Of(file.Length, "byte")}; recorded: {recorded.Bytes}"
                : files.Sha256(file.FullName) is var found && found != recorded.Sha256
                    ? $"{recorded.Path}: the hash does not match: recorded {ShortHash.Dotted(recorded.Sha256)}, found {ShortHash.Dotted(found)}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{recorded.Path}: {FileFault.Reason(file.FullName, e)}";
        }
    }
}
