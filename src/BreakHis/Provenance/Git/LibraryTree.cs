using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Reads working trees with libgit2, which runs no programs. Writes nothing.</summary>
internal static class LibraryTree
{
    /// <summary>Compares the working tree with the commit, including staged and untracked files.</summary>
    /// <exception cref="LibGit2SharpException">The repository cannot be read.</exception>
    public static WorkingTree Of(Repository repository)
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
        UncomparedFiles uncompared = UncomparedIn(repository);
        TreeChange[] found =
        [
            .. changes
                .Where(change => change.Status != ChangeKind.Unmodified && !uncompared.LeftOut.Contains(change.Path))
                .Select(change => ChangeOf(repository, change)),
        ];
        return new WorkingTree(
            repository.Info.WorkingDirectory,
            [
                .. found,
                .. Changed(
                    repository,
                    uncompared.Hidden.Except(found.Select(change => change.Path), StringComparer.Ordinal)
                ),
            ],
            [.. repository.Index.Select(entry => entry.Path)],
            [.. ChangedSubmodules(repository)],
            new TextDifferences(repository)
        );
    }

    private static TreeChange ChangeOf(Repository repository, TreeEntryChanges change)
    {
        if (change.Path.EndsWith('/'))
        {
            string folder = Path.Combine(repository.Info.WorkingDirectory, change.Path);
            return new(change.Path, Mode.GitLink, IsTracked: false, FileState.None, () => Other(folder));
        }

        Mode mode = ModeOf(repository, change);
        return new TreeChange(
            change.Path,
            mode,
            change.OldExists || repository.Index[change.Path] is not null,
            Before(repository.Head.Tip?.Tree[change.Path]),
            () => After(repository, change.Path, mode)
        );
    }

    /// <summary>libgit2 does not report which files are skipped, and does not compare them either.</summary>
    private static UncomparedFiles UncomparedIn(Repository repository) =>
        UncomparedFiles.Of(repository.Info.WorkingDirectory)
        ?? new(
            [.. repository.Index.Where(entry => entry.AssumeUnchanged).Select(entry => entry.Path)],
            new HashSet<string>(StringComparer.Ordinal)
        );

    private static IEnumerable<TreeChange> Changed(Repository repository, IEnumerable<string> paths) =>
        from path in paths
        let before = Before(repository.Head.Tip?.Tree[path])
        let mode = before.Mode == Mode.GitLink
            ? before.Mode
            : FileModes.Of(Path.Combine(repository.Info.WorkingDirectory, path)) ?? Mode.Nonexistent
        where Differs(before, mode, () => After(repository, path, mode))
        select new TreeChange(path, mode, IsTracked: true, before, () => After(repository, path, mode));

    private static bool Differs(FileState before, Mode mode, Func<FileState> after)
    {
        try
        {
            return before.Mode != mode || before.Id != after().Id;
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static FileState Other(string folder)
    {
        using var other = new Repository(folder);
        return new FileState(Mode.GitLink, other.Head.Tip?.Sha ?? "", 0, null);
    }

    // libgit2 reports a file as deleted if it is merely no longer tracked.
    private static Mode ModeOf(Repository repository, TreeEntryChanges change)
    {
        string file = Path.Combine(repository.Info.WorkingDirectory, change.Path);
        return change.Exists || repository.Ignore.IsPathIgnored(change.Path)
            ? change.Mode
            : FileModes.Of(file) ?? change.Mode;
    }

    private static FileState Before(TreeEntry? entry) =>
        entry?.TargetType switch
        {
            TreeEntryTargetType.Blob => Of(entry.Mode, (Blob)entry.Target),
            TreeEntryTargetType.GitLink => new FileState(entry.Mode, entry.Target.Sha, 0, null),
            _ => FileState.None,
        };

    private static FileState After(Repository repository, string path, Mode mode) =>
        mode switch
        {
            Mode.Nonexistent => FileState.None,
            Mode.GitLink => new FileState(mode, repository.Submodules[path].WorkDirCommitId.Sha, 0, null),
            // Reads the file as git add does, converting line ends as the attributes require.
            _ => Of(mode, repository.ObjectDatabase.CreateBlob(path)),
        };

    private static FileState Of(Mode mode, Blob blob) => new(mode, blob.Sha, blob.Size, () => ContentOf(blob));

    private static byte[] ContentOf(Blob blob)
    {
        using Stream content = blob.GetContentStream();
        byte[] bytes = new byte[blob.Size];
        content.ReadExactly(bytes);
        return bytes;
    }

    private static IEnumerable<Omission> ChangedSubmodules(Repository repository)
    {
        const SubmoduleStatus changed =
            SubmoduleStatus.WorkDirFilesIndexDirty
            | SubmoduleStatus.WorkDirFilesModified
            | SubmoduleStatus.WorkDirFilesUntracked;
        return repository
            .Submodules.Where(submodule =>
                (submodule.RetrieveStatus() & changed) != SubmoduleStatus.Unmodified
                || HasHidden(Path.Combine(repository.Info.WorkingDirectory, submodule.Path))
            )
            .Select(submodule => Omission.Submodule(submodule.WorkDirCommitId?.Sha, submodule.Path));
    }

    private static bool HasHidden(string submodule)
    {
        if (!Repository.IsValid(submodule))
        {
            return false;
        }

        using var repository = new Repository(submodule);
        return Changed(repository, UncomparedIn(repository).Hidden).Any();
    }
}
