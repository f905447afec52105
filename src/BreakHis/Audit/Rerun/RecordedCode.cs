using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// The code of a run: its commit with the patch, in a temporary repository that has none of the settings of the one with
/// the commit, and nothing of it but the files of the commit. Disposing it deletes everything written there.
/// </summary>
internal sealed class RecordedCode : IDisposable
{
    private const string Moved = "rename from ";

    private RecordedCode(string folder, string? tree, string work, string? without) =>
        (Folder, Tree, Work, Without) = (folder, tree, work, without);

    /// <summary>The files that the patch changes, as git reads it.</summary>
    public IReadOnlyList<string> Changed { get; private init; } = [];

    /// <summary>A temporary folder for the code and for the rerun's output.</summary>
    public string Folder { get; }

    /// <summary>The root of the code, or null if it is not available.</summary>
    public string? Tree { get; }

    /// <summary>The folder of the run's spec; an empty folder if the code is not available.</summary>
    public string Work { get; }

    /// <summary>Why the code is not available, or null.</summary>
    public string? Without { get; }

    /// <summary>Checks out the code of a run.</summary>
    /// <param name="repository">A folder in the repository's working tree.</param>
    public static RecordedCode CheckOut(RecordedRun run, string repository)
    {
        string folder = Directory.CreateTempSubdirectory("breakhis-audit-").FullName;
        string tree = Path.Combine(folder, "tree");
        try
        {
            string? without = CheckOut(run, repository, tree);
            string work = without is null ? WorkIn(tree, run) : Path.Combine(folder, "work");
            Directory.CreateDirectory(work);
            return new RecordedCode(folder, without is null ? tree : null, work, without)
            {
                Changed = without is null ? FilesOf(run.Fact(ProvenanceNames.GitPatch), tree) : [],
            };
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    /// <summary>
    /// Returns the folder of the spec in the code; a record could name one outside, also by a link in its commit or
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
    public void Dispose() => Delete();

    /// <summary>Deletes everything, and returns whether that succeeded.</summary>
    public bool Delete() => Remove(Folder);

    /// <returns>Why the code is not available, or null.</returns>
    private static string? CheckOut(RecordedRun run, string repository, string tree)
    {
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

        ProgramResult? found = GitProgram.Read(
            repository,
            [],
            ["rev-parse", "--path-format=absolute", "--git-path", "objects"]
        );
        if (found is not { Done: true })
        {
            return found is null ? "git is not installed" : NotCheckedOut(found);
        }

        Begin(tree, commit);
        // As git serves a clone without history.
        ProgramResult copied = GitProgram.Read(
            tree,
            [],
            ["pack-objects", "--revs", "--quiet", Path.Combine(tree, ".git", "objects", "pack", "pack")],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [GitProgram.ObjectsVariable] = GitProgram.Quoted(found.Output.TrimEnd('\n')),
            },
            $"--shallow {commit}\n{commit}\n"
        )!;
        if (!copied.Done)
        {
            return NotCheckedOut(copied);
        }

        ProgramResult checkedOut = GitProgram.Run(tree, null, null, "reset", "--hard", "--quiet")!;
        if (!checkedOut.Done)
        {
            return NotCheckedOut(checkedOut);
        }

        if (run.Fact(ProvenanceNames.GitPatch) is not string patch)
        {
            return null;
        }

        ProgramResult applied = GitProgram.Run(tree, patch, null, "apply", "--whitespace=nowarn", "-")!;
        return applied.Done ? null : $"the patch does not apply: {applied.Says()}";
    }

    private static string NotCheckedOut(ProgramResult answer) => $"the commit cannot be checked out: {answer.Says()}";

    /// <summary>
    /// Makes an empty repository with a commit checked out (git-scm.com/docs/gitrepository-layout). 'git init' would look
    /// at repositories around it, and at settings and templates of the user.
    /// </summary>
    private static void Begin(string tree, string commit)
    {
        string git = Path.Combine(tree, ".git");
        Directory.CreateDirectory(Path.Combine(git, "objects", "pack"));
        Directory.CreateDirectory(Path.Combine(git, "refs"));
        File.WriteAllText(Path.Combine(git, "HEAD"), commit + "\n");
        File.WriteAllText(Path.Combine(git, "shallow"), commit + "\n");
        File.WriteAllText(
            Path.Combine(git, "config"),
            commit.Length == 64
                ? "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n"
                : "[core]\n\trepositoryformatversion = 0\n"
        );
    }

    /// <summary>Deletes what recorded code wrote: names that .NET cannot read, and folders too deep for it.</summary>
    private static bool Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            ExternalProgram.Run(new("chmod", ["-R", "u+rwx", "--", folder]), null);
            ExternalProgram.Run(new("rm", ["-rf", "--", folder]), null);
        }

        return !Directory.Exists(folder);
    }
}
