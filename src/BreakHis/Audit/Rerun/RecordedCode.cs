using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// The code of a run: its commit with the patch, in a temporary repository that has none of the settings of the one with
/// the commit and only reads its objects. Disposing it deletes everything written there.
/// </summary>
internal sealed class RecordedCode : IDisposable
{
    private const string Moved = "rename from ";

    /// <summary>As many as git follows.</summary>
    private const int MostAlternates = 5;

    private const long LongestAlternates = 1 << 16;

    private RecordedCode(string folder, string? tree, string work, string? without) =>
        (Folder, Tree, Work, Without) = (folder, tree, work, without);

    /// <summary>The files that the patch changes, as git reads it.</summary>
    public IReadOnlyList<string> Changed { get; private init; } = [];

    /// <summary>A temporary folder for the code and for the rerun's output.</summary>
    public string Folder { get; }

    /// <summary>The root of the code, or null if it is not available.</summary>
    public string? Tree { get; }

    /// <summary>The folders with the objects of the repository, which the temporary one reads.</summary>
    public IReadOnlyList<string> Objects { get; private init; } = [];

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
            string? without = CheckOut(run, repository, tree, out IReadOnlyList<string> objects);
            string work = without is null ? WorkIn(tree, run) : Path.Combine(folder, "work");
            Directory.CreateDirectory(work);
            return new RecordedCode(folder, without is null ? tree : null, work, without)
            {
                Changed = without is null ? FilesOf(run.Fact(ProvenanceNames.GitPatch), tree) : [],
                Objects = objects,
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
    private static string? CheckOut(RecordedRun run, string repository, string tree, out IReadOnlyList<string> objects)
    {
        objects = [];
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

        objects = [.. WithAlternates(found.Output.TrimEnd('\n'), 0).Distinct(StringComparer.Ordinal)];
        string folder = Path.GetDirectoryName(tree)!;
        string[] init =
        [
            "init",
            "--quiet",
            "--template=",
            .. commit.Length == 64 ? ["--object-format=sha256"] : (string[])[],
        ];
        ProgramResult began = GitProgram.Run(folder, null, null, [.. init, "--", tree])!;
        if (!began.Done)
        {
            return NotCheckedOut(began);
        }

        string info = Directory.CreateDirectory(Path.Combine(tree, ".git", "objects", "info")).FullName;
        File.WriteAllLines(Path.Combine(info, "alternates"), objects);
        ProgramResult? failed =
            Failed(tree, "update-ref", "--no-deref", "HEAD", commit) ?? Failed(tree, "reset", "--hard", "--quiet");
        if (failed is not null)
        {
            return NotCheckedOut(failed);
        }

        if (run.Fact(ProvenanceNames.GitPatch) is not string patch)
        {
            return null;
        }

        ProgramResult applied = GitProgram.Run(tree, patch, null, "apply", "--whitespace=nowarn", "-")!;
        return applied.Done ? null : $"the patch does not apply: {applied.Says()}";
    }

    private static string NotCheckedOut(ProgramResult answer) => $"the commit cannot be checked out: {answer.Says()}";

    private static ProgramResult? Failed(string tree, params string[] arguments) =>
        GitProgram.Run(tree, null, null, arguments) is { Done: false } failed ? failed : null;

    /// <summary>Returns a folder of objects and those that it names (gitrepository-layout, objects/info/alternates).</summary>
    private static IEnumerable<string> WithAlternates(string objects, int depth)
    {
        string file = Path.Combine(objects, "info", "alternates");
        string[] named =
            depth < MostAlternates && RegularFile.IsAtMost(file, LongestAlternates) ? File.ReadAllLines(file) : [];
        return named
            .Where(line => line.Length > 0 && line[0] is not ('#' or '"'))
            .SelectMany(line => WithAlternates(Path.GetFullPath(line, objects), depth + 1))
            .Prepend(objects);
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
