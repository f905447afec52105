using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Audit.Rerun;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Testing;
using BreakHis.Tests.Audit;
using BreakHis.Tests.Ledger;
using BreakHis.Tests.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Processes;

/// <summary>Without git and ssh-keygen, what needs them is inconclusive or an error, and nothing else fails.</summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class MissingProgramTests : IDisposable
{
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Dispose();
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Without_git_a_patch_is_not_tried_and_code_is_not_checked_out()
    {
        using var repository = new GitRepository();
        using var runs = new AuditedRuns(repository.Path);
        repository.Write("code", "1\n");
        repository.Commit();
        repository.Write("code", "2\n");
        RecordedRun run = runs.Run();

        Environment.SetEnvironmentVariable("PATH", _folder.Path);

        Assert.Equal(AuditOutcome.Pass, runs.Input(run, "commit").Outcome);
        (AuditOutcome outcome, string reason) = runs.Input(run, "patch");
        Assert.Equal(AuditOutcome.Inconclusive, outcome);
        Assert.Contains("git is not installed", reason, StringComparison.Ordinal);
        using var code = RecordedCode.CheckOut(run, repository.Path);
        Assert.Null(code.Tree);
        Assert.Contains("git is not installed", code.Without!, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_ssh_keygen_signatures_are_inconclusive_and_signing_is_an_error()
    {
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Signatures);
        var head = KnownHead.Of(new LedgerHead(null, 12, SyntheticRun.Hash(1)), "");
        AtomicFile.Write(_folder["signatures/1.txt"], head.Statement);
        AtomicFile.Write(_folder["signatures/1.txt.sig"], "a signature");

        Environment.SetEnvironmentVariable("PATH", _folder.Path);

        Assert.Equal(AuditOutcome.Inconclusive, Assert.Single(SignatureCheck.Of(home, null)).Outcome);
        Assert.Equal(
            ProblemCodes.Head,
            Assert.Throws<InputException>(() => HeadSignature.Sign(home, head, [], _folder["key"])).Code
        );
    }
}
