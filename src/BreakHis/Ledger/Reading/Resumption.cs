using BreakHis.Files;
using BreakHis.Runs;

namespace BreakHis.Ledger.Reading;

/// <summary>The place where an unfinished run resumes.</summary>
/// <param name="From">The place, or null to start from the beginning.</param>
/// <param name="Damaged">Files that cannot be used because they differ from what was written, one line each.</param>
internal sealed record Resumption(ResumePoint? From, IReadOnlyList<string> Damaged)
{
    /// <summary>
    /// Finds the last checkpoint of the current stage whose files match the ledger; the newest file is not trusted
    /// without that. Of a run that was not made here, only checkpoints at the end of an epoch are used, because only
    /// there the record says what state they must contain. If a finished stage has lost its kept weights, that stage is
    /// repeated.
    /// </summary>
    /// <param name="stages">The names of the plan's stages, in order.</param>
    public static Resumption Of(RecordedRun run, RunFolder folder, IReadOnlyList<string> stages)
    {
        List<string> damaged = [];
        foreach (string stage in stages)
        {
            RecordedStage? recorded = run.Stages.FirstOrDefault(s => s.Name == stage);
            bool hasItsFiles = run.Artifacts.Where(a => a.Stage == stage).All(IsAsWritten);
            if (recorded?.End is not null && hasItsFiles)
            {
                continue;
            }

            IReadOnlyList<EpochEnded> epochs = recorded?.Epochs ?? [];
            Checkpoint? checkpoint = run
                .Checkpoints.Reverse()
                .Where(c => c.Stage == stage && IsRecorded(c, epochs) && Exists(c))
                .FirstOrDefault(c => IsWhole(c.State) && (c.Best is null || IsWhole(c.Best)));
            return new Resumption(
                checkpoint is null
                    ? ResumePoint.At(stage)
                    : new ResumePoint(stage, checkpoint, [.. epochs.Where(epoch => epoch.Epoch <= checkpoint.Epoch)]),
                damaged
            );
        }

        return new Resumption(ResumePoint.At(null), damaged);

        bool IsRecorded(Checkpoint c, IReadOnlyList<EpochEnded> epochs) =>
            (
                run.Summary.IsMadeHere
                || (c.Step == 0 && epochs.Any(epoch => epoch.Epoch == c.Epoch && epoch.StateSha256 is not null))
            )
            && epochs.Count(epoch => epoch.Epoch > 0 && epoch.Epoch <= c.Epoch) == c.Epoch;
        bool IsAsWritten(ArtifactWritten a) => IsWhole(new HashedFile(a.Path, a.Sha256, a.Bytes));
        bool Exists(Checkpoint c) => File.Exists(folder.File(c.State.Path));
        bool IsWhole(HashedFile file)
        {
            string path = folder.File(file.Path);
            if (File.Exists(path) && Sha256Hex.IsOfFile(path, file.Sha256, file.Bytes))
            {
                return true;
            }

            damaged.Add($"{path} {(File.Exists(path) ? "has changed since it was written" : "is missing")}");
            return false;
        }
    }
}
