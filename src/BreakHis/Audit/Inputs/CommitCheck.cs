using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>Checks that the commit of a run still exists.</summary>
internal static class CommitCheck
{
    public static IEnumerable<AuditEntry> Of(RecordedRun run, CodeRepository repository) =>
        [Result(run, repository).As(AuditLevel.Inputs, "commit", run.Summary.Id)];

    private static CheckResult Result(RecordedRun run, CodeRepository repository)
    {
        string? kind = run.Given(ProvenanceNames.GitRepository);
        string? unread = run.Given(ProvenanceNames.GitUnread);
        string? commit = run.Given(ProvenanceNames.GitCommit);
        return kind is null && unread is null
                ? CheckResult.Inconclusive("the run was made outside a git repository, so its code is not recorded")
            : unread is not null || kind is not (ProvenanceValues.WorkingTree or ProvenanceValues.Bare)
                ? CheckResult.Inconclusive(
                    $"the code is not completely recorded, because the git repository could not be read: {unread ?? kind}"
                )
            : commit is null
                ? CheckResult.Pass("the run was made before the first commit; its patch contains all of the code")
            : repository.Folder is null
                ? CheckResult.Inconclusive(
                    repository.Unread is null
                        ? $"there is no git repository here to look for commit {ShortHash.Dotted(commit)}"
                        : $"the git repository cannot be read to look for commit {ShortHash.Dotted(commit)}: {repository.Unread}"
                )
            : repository.Has(commit) ? CheckResult.Pass($"{ShortHash.Dotted(commit)} exists")
            : CheckResult.Fail($"{commit} is not in the repository at {repository.Folder}");
    }
}
