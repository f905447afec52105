using System.Collections.Concurrent;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the patch with uncommitted changes of a run is intact and applies to its commit. Runs that share commit and
/// patch are checked once. Writes nothing to the repository.
/// </summary>
internal sealed class PatchCheck(CodeRepository repository)
{
    private readonly ConcurrentDictionary<string, CheckResult> _patches = new(StringComparer.Ordinal);

    /// <summary>Returns the check; none if there is no patch.</summary>
    public IEnumerable<AuditEntry> Of(RecordedRun run) =>
        Result(run) is { } result ? [result.As(AuditLevel.Inputs, "patch", run.Summary.Id)] : [];

    private CheckResult? Result(RecordedRun run)
    {
        if (run.Fact(ProvenanceNames.GitPatch) is not string patch)
        {
            return null;
        }

        string? commit = run.Given(ProvenanceNames.GitCommit);
        string sha256 = Sha256Hex.OfText(patch);
        if (sha256 != run.Fact(ProvenanceNames.GitPatchSha256))
        {
            return CheckResult.Fail("the hash of the patch does not match");
        }

        if (repository.Folder is null || (commit is not null && !repository.Has(commit)))
        {
            return CheckResult.Inconclusive("the commit that it applies to cannot be found");
        }

        return _patches.GetOrAdd($"{commit} {sha256}", _ => Applies(commit, patch));
    }

    /// <summary>
    /// Tries the patch on a separate index; neither the repository's index nor its objects are written.
    /// </summary>
    private CheckResult Applies(string? commit, string patch)
    {
        string folder = repository.Folder!;
        string index = Path.Combine(Path.GetTempPath(), $"breakhis-index-{Guid.NewGuid():N}");
        try
        {
            ProgramResult? read = GitProgram.Run(
                folder,
                null,
                index,
                commit is null ? ["read-tree", "--empty"] : ["read-tree", commit]
            );
            if (read is not { Done: true })
            {
                return CheckResult.Inconclusive(
                    read is null
                        ? "its hash matches; git is not installed, so applying it was not tried"
                        : $"git cannot read the commit: {read.Says()}"
                );
            }

            ProgramResult apply = GitProgram.Run(
                folder,
                patch,
                index,
                "apply",
                "--cached",
                "--check",
                "--whitespace=nowarn",
                "-"
            )!;
            return apply.Done
                ? CheckResult.Pass("its hash matches, and it applies to the commit")
                : CheckResult.Fail($"it does not apply to the commit: {apply.Says()}");
        }
        finally
        {
            File.Delete(index);
        }
    }
}
