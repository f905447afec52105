using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// The code of a run: its commit in a temporary worktree, with the patch applied. Disposing it deletes everything
/// written there.
/// </summary>
internal sealed class RecordedCode : IDisposable
{
    private const string Moved = "rename from ";

    private readonly string? _repository;

    private RecordedCode(string folder, string? tree, string? repository, string work, string? without) =>
        (Folder, Tree, _repository, Work, Without) = (folder, tree, repository, work, without);

    /// <summary>The files that the patch changes, as git reads it.</summary>
    public IReadOnlyList<string> Changed { get; private init; } = [];

    /// <summary>A temporary folder for the worktree and for the rerun's output.</summary>
    public string Folder { get; }

    /// <summary>The root of the worktree, or null if the code is not available.</summary>
    public string? Tree { get; }

    /// <summary>A folder in the working tree of the repository that the worktree belongs to, or null.</summary>
    public string? Repository => _repository;

    /// <summary>The folder of the run's spec; an empty folder if there is no worktree.</summary>
    public string Work { get; }

    /// <summary>Why there is no worktree, or null.</summary>
    public string? Without { get; }

    /// <summary>Checks out the code of a run.</summary>
    /// <param name="repository">A folder in the repository's working tree.</param>
    public static RecordedCode CheckOut(RecordedRun run, string repository)
    {
        string folder = Directory.CreateTempSubdirectory("breakhis-audit-").FullName;
        string tree = Path.Combine(folder, "tree");
        try
        {
            string? without = AddWorktree(run, repository, tree, out bool added);
            string work = without is null ? WorkIn(tree, run) : Path.Combine(folder, "work");
            Directory.CreateDirectory(work);
            return new RecordedCode(folder, without is null ? tree : null, added ? repository : null, work, without)
            {
                Changed = without is null ? FilesOf(run.Fact(ProvenanceNames.GitPatch), tree) : [],
            };
        }
        catch
        {
            Remove(folder, repository);
            throw;
        }
    }

    /// <summary>
    /// Returns the folder of the spec in the worktree; a record could name one outside, also by a link in its commit or
    /// patch.
    /// </summary>
    private static string WorkIn(string tree, RecordedRun run)
    {
        string work = Path.GetFullPath(Path.Combine(tree, run.Fact(ProvenanceNames.GitFolder) ?? "."));
        return work.StartsWith(tree + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !HasLink(tree, work)
            ? work
            : tree;
    }

    private static bool HasLink(string tree, string work)
    {
        for (string at = work; at.Length > tree.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string[] FilesOf(string? patch, string tree) =>
        patch is null ? []
        : GitProgram.Run(tree, patch, null, "apply", "--numstat", "-z", "-") is { Done: true } answer
            ?
            [
                .. answer
                    .Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                    .Select(line => line.Split('\t', 3)[^1]),
                // Git lists only the new name of a file that was moved.
                .. patch
                    .Split('\n')
                    .Where(line => line.StartsWith(Moved, StringComparison.Ordinal))
                    .Select(line => line[Moved.Length..]),
            ]
        : ["files that git does not list"];

    /// <inheritdoc/>
    public void Dispose() => Remove(Folder, _repository);

    /// <returns>Why there is no worktree, or null.</returns>
    private static string? AddWorktree(RecordedRun run, string repository, string tree, out bool added)
    {
        added = false;
        if (
            run.Fact(ProvenanceNames.GitRepository) != ProvenanceValues.WorkingTree
            || run.Given(ProvenanceNames.GitCommit) is not string commit
            // No option, and no name that git resolves: a record may be anybody's.
            || !(commit.Length is 40 or 64 && commit.All(char.IsAsciiHexDigit))
        )
        {
            return "no commit was recorded";
        }

        if (run.Given(ProvenanceNames.GitUnread) is string unread)
        {
            return $"the differences from the commit are not recorded: {unread}";
        }

        ProgramResult? answer = GitProgram.Run(
            repository,
            null,
            null,
            "worktree",
            "add",
            "--detach",
            "--no-checkout",
            "--quiet",
            "--end-of-options",
            tree,
            commit
        );
        if (answer is not { Done: true })
        {
            return answer is null ? "git is not installed" : $"the commit cannot be checked out: {answer.Says()}";
        }

        added = true;
        // Apart, so that git is asked in the worktree for the programs to turn off.
        ProgramResult checkedOut = GitProgram.Run(tree, null, null, "reset", "--hard", "--quiet")!;
        if (!checkedOut.Done)
        {
            return $"the commit cannot be checked out: {checkedOut.Says()}";
        }

        if (run.Fact(ProvenanceNames.GitPatch) is not string patch)
        {
            return null;
        }

        ProgramResult applied = GitProgram.Run(tree, patch, null, "apply", "--whitespace=nowarn", "-")!;
        return applied.Done ? null : $"the patch does not apply: {applied.Says()}";
    }

    private static void Remove(string folder, string? repository)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        // Git forgets worktrees whose folder is gone.
        if (repository is not null)
        {
            GitProgram.Run(repository, null, null, "worktree", "prune");
        }
    }
}
