using BreakHis.Files;
using BreakHis.Runs;

namespace BreakHis.Ledger.Reading;

/// <summary>Where a run that has not finished goes on.</summary>
/// <param name="From">The place, or null for the beginning.</param>
/// <param name="Damaged">Files that would have been taken and are not as they were written, a line each.</param>
internal sealed record Resumption(ResumePoint? From, IReadOnlyList<string> Damaged)
{
    /// <summary>
    /// The last checkpoint whose files are as the ledger says, in the stage that was being worked on. A file that is merely
    /// the newest is not trusted. Where a stage that has ended lost its kept weights, that stage is done again.
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

            Checkpoint? checkpoint = run
                .Checkpoints.Reverse()
                .Where(c => c.Stage == stage && Exists(c))
                .FirstOrDefault(c => IsWhole(c.State) && (c.Best is null || IsWhole(c.Best)));
            return new Resumption(new ResumePoint(stage, checkpoint), damaged);
        }

        return new Resumption(new ResumePoint(null, null), damaged);

        bool IsAsWritten(ArtifactWritten a) => IsWhole(new HashedFile(a.Path, a.Sha256, a.Bytes));
        bool Exists(Checkpoint c) => File.Exists(folder.File(c.State.Path));
        bool IsWhole(HashedFile file)
        {
            string path = folder.File(file.Path);
            if (File.Exists(path) && Sha256Hex.OfFile(path) == file.Sha256)
            {
                return true;
            }

            damaged.Add($"{path} {(File.Exists(path) ? "has changed since it was written" : "is missing")}");
            return false;
        }
    }
}
