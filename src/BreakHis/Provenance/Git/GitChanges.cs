using BreakHis.Files;
using BreakHis.SecretSearch;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>The differences between a working tree and its commit.</summary>
/// <param name="Patch">A patch that turns a clean checkout into the working tree; empty if the tree is clean.</param>
internal sealed record GitChanges(string Patch, IReadOnlyList<OmittedFile> Omitted)
{
    private const long LargestUntracked = 1 << 20;
    private const long LargestTracked = 16 << 20;
    private const long LargestPatch = 64 << 20;

    /// <summary>The most untracked files of a folder that are looked at one by one.</summary>
    private const int MostInFolder = 1000;

    /// <summary>
    /// Compares the working tree with the commit, including staged and untracked files. Writes nothing.
    /// </summary>
    /// <param name="recordedElsewhere">Paths in the repository, with forward slashes, whose untracked files are
    /// omitted.</param>
    /// <param name="recordUntracked">Whether the patch contains all untracked files, not only code.</param>
    public static GitChanges Of(
        Repository repository,
        IReadOnlyList<string> recordedElsewhere,
        bool recordUntracked = false
    )
    {
        // Keeps the contents of changed files out of the repository's object database.
        repository.ObjectDatabase.AddBackend(new MemoryObjects(), priority: int.MaxValue);
        using TreeChanges changes = repository.Diff.Compare<TreeChanges>(
            repository.Head.Tip?.Tree,
            DiffTargets.Index | DiffTargets.WorkingDirectory,
            paths: null,
            explicitPathsOptions: null,
            new CompareOptions { Similarity = SimilarityOptions.None }
        );
        List<string> patch = [];
        List<OmittedFile> omitted = [];
        long length = 0;
        (TreeEntryChanges[] changed, OmittedFile[] folders) = WithoutLargeFolders(
            repository,
            [
                .. changes
                    .Where(change => change.Status != ChangeKind.Unmodified)
                    .Where(change =>
                        IsTracked(repository, change) || !recordedElsewhere.Any(path => IsIn(path, change.Path))
                    ),
            ]
        );
        omitted.AddRange(folders);
        foreach (TreeEntryChanges change in changed)
        {
            Mode mode = ModeOf(repository, change);
            OmittedFile? left = Left(repository, change, mode, LargestPatch - length, recordUntracked);
            string section = left is null ? Section(repository, change, mode, out left) : "";
            if (left is not null)
            {
                omitted.Add(left);
            }
            else
            {
                patch.Add(section);
                length += section.Length;
            }
        }

        omitted.AddRange(ChangedSubmodules(repository));
        return new GitChanges(string.Concat(patch), omitted);
    }

    // libgit2 reports a file as deleted if it is merely no longer tracked.
    private static Mode ModeOf(Repository repository, TreeEntryChanges change)
    {
        var file = new FileInfo(FileOf(repository, change.Path));
        if (change.Exists || repository.Ignore.IsPathIgnored(change.Path) || (!file.Exists && file.LinkTarget is null))
        {
            return change.Mode;
        }

        bool executable = !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        return file.LinkTarget is not null ? Mode.SymbolicLink
            : executable ? Mode.ExecutableFile
            : Mode.NonExecutableFile;
    }

    /// <summary>
    /// Separates the files of folders without any tracked file that have very many, such as a virtual environment.
    /// </summary>
    private static (TreeEntryChanges[] Changes, OmittedFile[] Folders) WithoutLargeFolders(
        Repository repository,
        TreeEntryChanges[] changes
    )
    {
        HashSet<string> tracked = new(
            repository.Index.SelectMany(entry => FoldersAbove(entry.Path)),
            StringComparer.Ordinal
        );
        string FolderOf(TreeEntryChanges change) =>
            FoldersAbove(change.Path).FirstOrDefault(folder => !tracked.Contains(folder)) ?? "";
        var large = changes
            .CountBy(FolderOf, StringComparer.Ordinal)
            .Where(folder => folder.Key != "" && folder.Value > MostInFolder)
            .ToDictionary(folder => folder.Key, folder => folder.Value, StringComparer.Ordinal);
        return (
            [.. changes.Where(change => !large.ContainsKey(FolderOf(change)))],
            [
                .. large.Select(folder => new OmittedFile(
                    OmittedFile.Withheld,
                    folder.Key + "/",
                    $"untracked folder with {folder.Value} files"
                )),
            ]
        );
    }

    /// <summary>Returns the folders that contain a path, from the outermost.</summary>
    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (int at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
        {
            yield return path[..at];
        }
    }

    private static OmittedFile? Left(
        Repository repository,
        TreeEntryChanges change,
        Mode mode,
        long room,
        bool recordUntracked
    )
    {
        long size = SizeOf(repository, change);
        bool isFile = mode is not (Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink);
        return isFile && Secrets.IsFileName(change.Path)
                ? OmittedFile.Secret(change.Path, "its name suggests a secret", size)
            : isFile
            && !IsTracked(repository, change)
            && size <= LargestUntracked
            && SecretIn(repository, change) is string kind
                ? OmittedFile.Secret(change.Path, $"it seems to contain {kind}", size)
            : ReasonToLeave(repository, change, mode, room, recordUntracked) is string reason
                ? new(HashOf(repository, change.Path), change.Path, reason)
            : null;
    }

    private static string? SecretIn(Repository repository, TreeEntryChanges change)
    {
        try
        {
            return Secrets.Find(File.ReadAllText(FileOf(repository, change.Path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long SizeOf(Repository repository, TreeEntryChanges change) =>
        new FileInfo(FileOf(repository, change.Path)) is { Exists: true } file ? file.Length : 0;

    private static string? ReasonToLeave(
        Repository repository,
        TreeEntryChanges change,
        Mode mode,
        long room,
        bool recordUntracked
    )
    {
        if (mode is Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink)
        {
            return null;
        }

        bool tracked = IsTracked(repository, change);
        long size = SizeOf(repository, change);
        return !tracked && !recordUntracked && !UntrackedFile.IsCode(change.Path)
                ? "untracked, and neither spec, source nor project file"
            : size > (tracked ? LargestTracked : LargestUntracked) ? $"{size} bytes, too large for the patch"
            : size > room ? "the patch reached its size limit"
            : null;
    }

    /// <param name="left">What the patch omits instead, or null.</param>
    private static string Section(Repository repository, TreeEntryChanges change, Mode mode, out OmittedFile? left)
    {
        try
        {
            string section = GitPatch.Section(repository, change.Path, mode);
            left = Secrets.Find(section) is string kind
                ? OmittedFile.Secret(change.Path, $"it seems to contain {kind}", SizeOf(repository, change))
                : null;
            return section;
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            left = new OmittedFile(HashOf(repository, change.Path), change.Path, OneLine.Of(e.Message));
            return "";
        }
    }

    private static bool IsTracked(Repository repository, TreeEntryChanges change) =>
        change.OldExists || repository.Index[change.Path] is not null;

    private static bool IsIn(string place, string path) =>
        place == "." || path == place || path.StartsWith(place + "/", StringComparison.Ordinal);

    private static string HashOf(Repository repository, string path)
    {
        try
        {
            return Sha256Hex.OfFile(FileOf(repository, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unreadable";
        }
    }

    private static string FileOf(Repository repository, string path) =>
        Path.Combine(repository.Info.WorkingDirectory, path);

    private static IEnumerable<OmittedFile> ChangedSubmodules(Repository repository)
    {
        const SubmoduleStatus changed =
            SubmoduleStatus.WorkDirFilesIndexDirty
            | SubmoduleStatus.WorkDirFilesModified
            | SubmoduleStatus.WorkDirFilesUntracked;
        return repository
            .Submodules.Where(submodule => (submodule.RetrieveStatus() & changed) != SubmoduleStatus.Unmodified)
            .Select(submodule => new OmittedFile(
                submodule.WorkDirCommitId?.Sha ?? ProvenanceValues.None,
                submodule.Path,
                "submodule with uncommitted changes"
            ));
    }
}
