using System.Collections.Concurrent;
using BreakHis.Audit.Artifacts;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the code of a run still exists: its commit, and the patch with uncommitted changes. Runs that share
/// commit and patch are looked up once. Writes nothing to the repository.
/// </summary>
internal sealed class GitChecks : IDisposable
{
    private readonly Repository? _repository;

    // The folder of a repository that only the git program reads.
    private readonly string? _programFolder;

    // Why the library cannot read the repository.
    private readonly string? _unread;
    private readonly ConcurrentDictionary<string, bool> _commits = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CheckResult> _patches = new(StringComparer.Ordinal);

    /// <param name="folder">A folder in the working tree.</param>
    public GitChecks(string folder)
    {
        try
        {
            _repository = GitRepositories.Containing(folder);
        }
        catch (Exception e) when (e is LibGit2SharpException or TypeInitializationException or DllNotFoundException)
        {
            _unread = OneLine.Of(e.Message);
            _programFolder = Asked(folder, "rev-parse", "--show-toplevel") ?? Asked(folder, "rev-parse", "--git-dir");
        }
    }

    /// <summary>The root of the working tree, or null if there is none.</summary>
    public string? Root => _repository?.Info.WorkingDirectory ?? _programFolder;

    public void Dispose() => _repository?.Dispose();

    /// <summary>Returns whether the repository has a commit.</summary>
    public bool Has(string commit) =>
        _commits.GetOrAdd(
            commit,
            sha =>
                _programFolder is not null
                    ? sha.All(char.IsAsciiHexDigit) && Asked(_programFolder, "cat-file", "-t", sha) == "commit"
                    : ObjectId.TryParse(sha, out _) && _repository?.Lookup<Commit>(sha) is not null
        );

    /// <summary>Returns the text of a file in a commit, or null.</summary>
    public string? Text(string commit, string path) =>
        !Has(commit) ? null
        : _repository is null
            ? GitProgram.Read(_programFolder!, [], ["cat-file", "blob", $"{commit}:{path}"]) is { Done: true } file
                    ? file.Output
                : null
        : _repository.Lookup<Commit>(commit)[path]?.Target is Blob blob ? blob.GetContentText()
        : null;

    /// <summary>Checks that the commit of a run still exists.</summary>
    public CheckResult Commit(RecordedRun run)
    {
        string? repository = run.Given(ProvenanceNames.GitRepository);
        string? unread = run.Given(ProvenanceNames.GitUnread);
        string? commit = run.Given(ProvenanceNames.GitCommit);
        return repository is null && unread is null
                ? CheckResult.Inconclusive("the run was made outside a git repository, so its code is not recorded")
            : unread is not null || repository is not (ProvenanceValues.WorkingTree or ProvenanceValues.Bare)
                ? CheckResult.Inconclusive(
                    $"the code is not completely recorded, because the git repository could not be read: {unread ?? repository}"
                )
            : commit is null
                ? CheckResult.Pass("the run was made before the first commit; its patch contains all of the code")
            : Folder is null
                ? CheckResult.Inconclusive(
                    _unread is null
                        ? $"there is no git repository here to look for commit {ShortHash.Dotted(commit)}"
                        : $"the git repository cannot be read to look for commit {ShortHash.Dotted(commit)}: {_unread}"
                )
            : Has(commit) ? CheckResult.Pass($"{ShortHash.Dotted(commit)} exists")
            : CheckResult.Fail($"{commit} is not in the repository at {Folder}");
    }

    private string? Folder => Root ?? _repository?.Info.Path;

    /// <summary>Returns the line that git prints, or null if it fails.</summary>
    private static string? Asked(string folder, params string[] arguments) =>
        GitProgram.Read(folder, [], arguments) is { Done: true } answer ? answer.Output.TrimEnd('\n') : null;

    /// <summary>
    /// Checks that the patch of a run is intact and applies to its commit; null if there is no patch.
    /// </summary>
    public CheckResult? Patch(RecordedRun run)
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

        if (Folder is null || (commit is not null && !Has(commit)))
        {
            return CheckResult.Inconclusive("the commit that it applies to cannot be found");
        }

        return _patches.GetOrAdd($"{commit} {sha256}", _ => Applies(commit, patch));
    }

    /// <summary>
    /// Checks the files that the patch omits against the working tree, by hash; null if it omits nothing.
    /// </summary>
    public CheckResult? NotInPatch(RecordedRun run, HashedFiles files)
    {
        if (run.Fact(ProvenanceNames.GitNotInPatch) is not string text)
        {
            return null;
        }

        if (OmittedFile.From(text) is not { } omitted)
        {
            return CheckResult.Inconclusive($"the record of the files left out of the patch cannot be read: {text}");
        }

        OmittedFile[] withheld = [.. omitted.Where(file => file.IsWithheld)];
        OmittedFile[] missing = [.. omitted.Where(file => !file.IsWithheld && !IsThere(file, files))];
        string[] doubts =
        [
            .. missing.Length == 0
                ? (string[])[]
                :
                [
                    $"neither the record nor the working tree has the recorded content of: {Listing.Clauses([.. missing.Select(InWords)])}",
                ],
            .. withheld.Length == 0
                ? (string[])[]
                :
                [
                    $"no hash is recorded to compare with: {Listing.Clauses([.. withheld.Select(file => $"{file.Path} ({file.Reason})")])}",
                ],
        ];
        return doubts.Length == 0
            ? CheckResult.Pass(
                $"{Plural.Of(omitted.Count, "file left out of the patch is", "files left out of the patch are")} in the working tree, hashes match"
            )
            : CheckResult.Inconclusive(string.Join("; ", doubts));
    }

    private static string InWords(OmittedFile file) => $"{file.Sha256} {file.Path} ({file.Reason})";

    private bool IsThere(OmittedFile omitted, HashedFiles files)
    {
        string? path = Root is not null ? Path.Combine(Root, omitted.Path) : null;
        try
        {
            return path is not null && File.Exists(path) && files.Sha256(path) == omitted.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Tries the patch on a separate index; neither the repository's index nor its objects are written.
    /// </summary>
    private CheckResult Applies(string? commit, string patch)
    {
        string folder = Folder!;
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
