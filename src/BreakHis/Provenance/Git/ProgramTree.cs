using System.Globalization;
using BreakHis.Processes;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Reads a working tree with git's plumbing commands, for repositories in formats that libgit2 does not know. Index and
/// objects that git writes are temporary, and no program that the repository names is run. Dispose of it only when the
/// tree is no longer used.
/// </summary>
internal sealed class ProgramTree : IDisposable
{
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("breakhis-git-");
    private readonly Repository _scratch;
    private readonly string _root;
    private readonly (string Key, string Value)[] _settings;
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);

    // Hidden files whose names git cannot be given.
    private string[] _unnameable = [];

    /// <summary>Copies the index of a repository.</summary>
    /// <param name="root">The folder of the working tree.</param>
    /// <exception cref="IOException">Git cannot read the repository.</exception>
    public ProgramTree(string root)
    {
        RepositoryFiles.CheckWorkingTree(root);
        _root = root;
        string scratch = Path.Combine(_temporary.FullName, "scratch");
        _scratch = new Repository(Repository.Init(scratch, isBare: true));
        _scratch.ObjectDatabase.AddBackend(new MemoryObjects(), priority: int.MaxValue);
        _settings =
        [
            .. GitProgram.NoFilters(root),
            .. BlindSettings.Seeing,
            ("core.splitIndex", "false"),
            ("core.untrackedCache", "false"),
        ];
        if (GitRepositories.IsElsewhere(Ask(["rev-parse", "--show-toplevel"]), root))
        {
            throw new IOException(GitRepositories.Elsewhere);
        }

        string index = Path.Combine(_temporary.FullName, "index");
        string objects = Directory.CreateDirectory(Path.Combine(_temporary.FullName, "objects")).FullName;
        (string own, string ownIndex) = (PlaceOf("objects"), PlaceOf("index"));
        _variables[GitProgram.IndexVariable] = index;
        _variables["GIT_OBJECT_DIRECTORY"] = objects;
        _variables[GitProgram.ObjectsVariable] = GitProgram.Quoted(own);
        if (File.Exists(ownIndex))
        {
            File.Copy(ownIndex, index);
            CompareAll();
            // Files that were only touched are no differences. The exit code says whether there are differences.
            _ = Run(["update-index", "-q", "--refresh"]);
        }
    }

    /// <summary>Compares the working tree with the commit, including staged and untracked files.</summary>
    /// <exception cref="IOException">Git cannot read the repository.</exception>
    public WorkingTree Read()
    {
        string[] untracked = Lines("ls-files", "-z", "--others", "--exclude-standard");
        Dictionary<string, TreeChange> changes = [];
        foreach (TreeChange change in TrackedChanges(untracked))
        {
            changes.TryAdd(change.Path, change);
        }

        foreach (string path in _unnameable)
        {
            changes.TryAdd(
                path,
                new TreeChange(path, Mode.NonExecutableFile, IsTracked: true, FileState.None, () => FileState.None)
            );
        }

        foreach (string path in untracked.Where(path => !changes.ContainsKey(path)))
        {
            Mode mode = path.EndsWith('/') ? Mode.GitLink : FileModes.Of(FileOf(path)) ?? Mode.Nonexistent;
            changes.Add(path, new TreeChange(path, mode, IsTracked: false, FileState.None, () => After(path, mode)));
        }

        string[] index = Lines("ls-files", "-z", "--stage");
        return new WorkingTree(
            _root,
            [.. changes.Values.OrderBy(change => change.Path, StringComparer.Ordinal)],
            [.. index.Select(entry => entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..])],
            [.. ChangedSubmodules(index)],
            new TextDifferences(_scratch)
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scratch.Dispose();
        _temporary.Delete(recursive: true);
    }

    /// <summary>Lets git compare the hidden files, too.</summary>
    private void CompareAll()
    {
        IReadOnlyList<string> hidden = UncomparedFiles.In(Done(Run([.. UncomparedFiles.Question])), _root).Hidden;
        _unnameable = [.. hidden.Where(UncomparedFiles.IsUnnameable)];
        string input = string.Concat(hidden.Except(_unnameable, StringComparer.Ordinal).Select(path => path + '\0'));
        foreach (string option in input.Length > 0 ? (string[])["--no-assume-unchanged", "--no-skip-worktree"] : [])
        {
            Done(Run(["update-index", option, "-z", "--stdin"], input));
        }
    }

    private IEnumerable<TreeChange> TrackedChanges(string[] untracked)
    {
        string[] fields = Lines(
            "diff-index",
            "-z",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            // Git would run in a submodule with the settings of that submodule.
            "--ignore-submodules=dirty",
            Commit()
        );
        // :OLDMODE NEWMODE OLDID NEWID STATUS, then the path.
        foreach (string[] change in fields.Chunk(2))
        {
            string[] facts = change[0][1..].Split(' ');
            string path = change[1];
            bool isGone = facts[4] is "D" or "U";
            Mode mode =
                !isGone ? ModeOf(facts[1])
                : facts[4] == "U" || untracked.Contains(path, StringComparer.Ordinal)
                    ? FileModes.Of(FileOf(path)) ?? Mode.Nonexistent
                : Mode.Nonexistent;
            FileState before = Stored(ModeOf(facts[0]), facts[2]);
            yield return new TreeChange(path, mode, IsTracked: true, before, () => After(path, mode));
        }
    }

    /// <summary>The commit, or the empty tree if there is none yet.</summary>
    private string Commit() =>
        Run(["rev-parse", "--verify", "--quiet", "HEAD"]) is { Done: true } head
            ? head.Output.Trim()
            : Ask(["hash-object", "-t", "tree", "--stdin"]);

    private FileState Stored(Mode mode, string id) =>
        mode switch
        {
            Mode.Nonexistent => FileState.None,
            Mode.GitLink => new FileState(mode, id, 0, null),
            _ => new FileState(
                mode,
                id,
                // A content that is missing is an error only for whoever reads it.
                Run(["cat-file", "-s", id]) is { Done: true } size
                    ? long.Parse(size.Output, CultureInfo.InvariantCulture)
                    : 0,
                () => Done(Run(["cat-file", "blob", id])).Bytes
            ),
        };

    /// <summary>The state of a path in the working tree, with line ends as git add stores them.</summary>
    private FileState After(string path, Mode mode) =>
        mode switch
        {
            Mode.Nonexistent => FileState.None,
            Mode.GitLink => new FileState(mode, HeadOf(FileOf(path)), 0, null),
            Mode.SymbolicLink => Stored(mode, Ask(["hash-object", "-w", "--stdin"], TargetOf(path))),
            _ => Stored(mode, Ask(["hash-object", "-w", "--", path])),
        };

    private string? TargetOf(string path)
    {
        string? target = new FileInfo(FileOf(path)).LinkTarget;
        return target is null || !UncomparedFiles.IsUnnameable(target)
            ? target
            : throw new IOException("the target of the link is not UTF-8");
    }

    /// <summary>The commit of a submodule or of another repository; empty if it has none.</summary>
    private static string HeadOf(string folder) =>
        GitProgram
            .Read(folder, GitProgram.NoFilters(folder), ["rev-parse", "--verify", "--quiet", "HEAD"])
            ?.Output.Trim()
        ?? "";

    private IEnumerable<Omission> ChangedSubmodules(string[] index)
    {
        foreach (string entry in index.Where(entry => entry.StartsWith("160000 ", StringComparison.Ordinal)))
        {
            string path = entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..];
            string folder = FileOf(path);
            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                using var submodule = new ProgramTree(folder);
                if (submodule.Read().IsChanged)
                {
                    yield return Omission.Submodule(submodule.Commit(), path);
                }
            }
            else if (Omission.Orphan(path, folder) is { } orphan)
            {
                yield return orphan;
            }
        }
    }

    private static Mode ModeOf(string octal) => (Mode)Convert.ToInt32(octal, 8);

    private string FileOf(string path) => Path.Combine(_root, path);

    private string PlaceOf(string name) =>
        Path.GetFullPath(Path.Combine(_root, Ask(["rev-parse", "--git-path", name])));

    private string[] Lines(params string[] arguments) =>
        Done(Run(arguments)).Output.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private string Ask(string[] arguments, string? input = null) => Done(Run(arguments, input)).Output.TrimEnd('\n');

    private ProgramResult? Run(string[] arguments, string? input = null) =>
        GitProgram.Read(_root, _settings, arguments, _variables, input);

    private static ProgramResult Done(ProgramResult? answer) =>
        answer is { Done: true } done
            ? done
            : throw new IOException(answer is null ? "git is not installed" : $"git cannot read it: {answer.Says()}");
}
