using BreakHis.Audit;
using BreakHis.Ledger.Reading;
using BreakHis.Testing;
using BreakHis.Tests.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Audit.Inputs;

[Collection(nameof(ProcessEnvironment))]
public sealed class TemporaryIndexTests
{
    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Trying_a_patch_leaves_no_temporary_files()
    {
        using var repository = new GitRepository();
        using var runs = new AuditedRuns(repository.Path);
        using var temporary = new TemporaryFolder();
        repository.Write("code", "1\n");
        repository.Commit();
        repository.Write("code", "2\n");
        RecordedRun run = runs.Run();
        string? before = Environment.GetEnvironmentVariable("TMPDIR");
        try
        {
            Environment.SetEnvironmentVariable("TMPDIR", temporary.Path);

            Assert.Equal(AuditOutcome.Pass, runs.Input(run, "patch").Outcome);
            Assert.Empty(Directory.EnumerateFileSystemEntries(temporary.Path));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", before);
        }
    }
}
