using System.Buffers.Binary;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Reads working trees with libgit2, which runs no programs. Writes nothing.</summary>
internal static class LibraryTree
{
    /// <summary>Compares the working tree with the commit, including staged and untracked files.</summary>
    /// <exception cref="LibGit2SharpException">The repository cannot be read.</exception>
    /// <exception cref="IOException">It has a file that no repository has.</exception>
    public static WorkingTree Of(Repository repository)
    {
        RequireTree(repository);
        RepositoryFiles.CheckWorkingTree(repository.Info.WorkingDirectory);

        // Keeps the contents of changed files out of the repository's object database.
        repository.ObjectDatabase.AddBackend(new MemoryObjects(), priority: int.MaxValue);
        using TreeChanges changes = repository.Diff.Compare<TreeChanges>(
            repository.Head.Tip?.Tree,
            DiffTargets.Index | DiffTargets.WorkingDirectory,
            paths: null,
            explicitPathsOptions: null,
            new CompareOptions { Similarity = SimilarityOptions.None }
        );
        var asked = UncomparedFiles.Of(repository.Info.WorkingDirectory);
        UncomparedFiles uncompared = asked ?? Assumed(repository);
        TreeChange[] found =
        [
            .. changes
                .Where(change => change.Status != ChangeKind.Unmodified && !uncompared.LeftOut.Contains(change.Path))
                .Select(change => ChangeOf(repository, change)),
        ];
        string[] submodules =
        [
            .. repository.Index.Where(entry => entry.Mode == Mode.GitLink).Select(entry => entry.Path),
        ];
        return new WorkingTree(
            repository.Info.WorkingDirectory,
            [
                .. found,
                .. Changed(
                    repository,
                    // libgit2 compares neither hidden files nor submodules that .gitmodules says to ignore.
                    uncompared
                        .Hidden.Concat(submodules)
                        .Except(found.Select(change => change.Path), StringComparer.Ordinal)
                ),
            ],
            [.. repository.Index.Select(entry => entry.Path)],
            [
                .. submodules.Select(path => GapOf(repository, path)).OfType<Omission>(),
                .. asked is null && MaySkip(repository)
                    ? (Omission[])
                        [
                            Omission.Overlooked(
                                "the index may have files that git skips (git update-index --skip-worktree)"
                            ),
                        ]
                    : [],
            ],
            new TextDifferences(repository)
        );
    }

    /// <summary>Whether a working tree differs from its commit.</summary>
    public static bool Differs(Repository repository)
    {
        if (BlindSettings.Of(repository) is null || !GitProgram.IsInstalled)
        {
            return Of(repository).IsChanged;
        }

        using var tree = new ProgramTree(repository.Info.WorkingDirectory);
        return tree.Read().IsChanged;
    }

    /// <summary>The library would dereference null.</summary>
    private static void RequireTree(Repository repository)
    {
        if (repository.Head.Tip is { } tip && (tip.Tree is null || repository.Lookup(tip.Tree.Id) is null))
        {
            throw new NotFoundException($"the tree of commit {tip.Sha} is missing");
        }
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

    /// <summary>The hidden files that libgit2 knows of: it does not report which files are skipped.</summary>
    private static UncomparedFiles Assumed(Repository repository) =>
        new(
            [.. repository.Index.Where(entry => entry.AssumeUnchanged).Select(entry => entry.Path)],
            new HashSet<string>(StringComparer.Ordinal)
        );

    /// <summary>
    /// Whether the index may have skipped files: version 2 has no bit for them (git-scm.com/docs/index-format).
    /// </summary>
    private static bool MaySkip(Repository repository)
    {
        string index = Path.Combine(repository.Info.Path, "index");
        byte[] start = new byte[8];
        using FileStream? file = File.Exists(index) ? File.OpenRead(index) : null;
        return file?.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && BinaryPrimitives.ReadInt32BigEndian(start.AsSpan(4)) > 2;
    }

    private static IEnumerable<TreeChange> Changed(Repository repository, IEnumerable<string> paths) =>
        from path in paths
        let before = Before(repository.Head.Tip?.Tree[path])
        let file = Path.Combine(repository.Info.WorkingDirectory, path)
        let mode = repository.Index[path]?.Mode == Mode.GitLink ? Mode.GitLink
        : IsBelowLink(repository.Info.WorkingDirectory, path) ? Mode.Nonexistent
        : FileModes.Of(file) ?? Mode.Nonexistent
        where
            UncomparedFiles.IsUnnameable(path)
            || FileModes.IsSpecial(file)
            || Differs(before, mode, () => After(repository, path, mode))
        select new TreeChange(path, mode, IsTracked: true, before, () => After(repository, path, mode));

    /// <summary>Whether a folder above a path is a link. What is behind it belongs to no commit.</summary>
    private static bool IsBelowLink(string root, string path)
    {
        for (
            string? above = Path.GetDirectoryName(path);
            !string.IsNullOrEmpty(above);
            above = Path.GetDirectoryName(above)
        )
        {
            if (FileModes.Of(Path.Combine(root, above)) == Mode.SymbolicLink)
            {
                return true;
            }
        }

        return false;
    }

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
            Mode.GitLink => new FileState(mode, CommitOf(repository, path), 0, null),
            // Reads the file as git add does, converting line ends as the attributes require.
            _ => Of(mode, repository.ObjectDatabase.CreateBlob(path)),
        };

    private static FileState Of(Mode mode, Blob blob) => new(mode, blob.Sha, SizeOf(blob), () => ContentOf(blob));

    /// <summary>The size of a content; 0 if it is missing, which is an error only for whoever reads it.</summary>
    private static long SizeOf(Blob blob)
    {
        try
        {
            return Contents.SizeOf(((IBelongToARepository)blob).Repository, blob.Id);
        }
        catch (LibGit2SharpException)
        {
            return 0;
        }
    }

    private static byte[] ContentOf(Blob blob)
    {
        using Stream content = blob.GetContentStream();
        byte[] bytes = new byte[blob.Size];
        content.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The commit of a submodule in the working tree; that of the index if it is not checked out.</summary>
    private static string CommitOf(Repository repository, string path)
    {
        string folder = Path.Combine(repository.Info.WorkingDirectory, path);
        using Repository? submodule = Repository.IsValid(folder) ? new Repository(folder) : null;
        return submodule is null ? repository.Index[path].Id.Sha : submodule.Head.Tip?.Sha ?? "";
    }

    /// <summary>What the patch cannot contain of a submodule, or null.</summary>
    private static Omission? GapOf(Repository repository, string path)
    {
        string folder = Path.Combine(repository.Info.WorkingDirectory, path);
        if (!Repository.IsValid(folder))
        {
            return Omission.Orphan(path, folder);
        }

        using var submodule = new Repository(folder);
        return GitRepositories.IsElsewhere(submodule.Info.WorkingDirectory, folder) || Differs(submodule)
            ? Omission.Submodule(submodule.Head.Tip?.Sha, path)
            : null;
    }
}
