using BreakHis.Files;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>The state of the code: the commit and all differences from it.</summary>
internal static class GitProvenance
{
    /// <summary>
    /// Returns entries in the group git, in ordinal order of name: repository, commit, branch, remote, folder, dirty, and
    /// for a dirty tree patch, patch_sha256 and not_in_patch. Never fails: what can be read is returned, and
    /// <see cref="Missing"/> says what is missing.
    /// </summary>
    /// <param name="folder">A folder in the working tree.</param>
    /// <param name="recordUntracked">Whether the patch contains all untracked files, not only code.</param>
    /// <param name="recordedElsewhere">Folders and files whose untracked content is omitted, such as images and
    /// weights: their hashes are in the plan.</param>
    public static CodeState Read(string folder, bool recordUntracked, IEnumerable<string> recordedElsewhere)
    {
        List<ProvenanceEntry> entries = [];
        IReadOnlyList<Omission> omitted = [];
        try
        {
            using Repository? repository = GitRepositories.Containing(folder);
            if (repository is null)
            {
                ProvenanceEntry none = NoRepository(folder);
                CodeState? read =
                    none.Name == ProvenanceNames.GitUnread
                        ? GitFallback.Of(folder, recordedElsewhere, recordUntracked, none.Value)
                        : null;
                return read is null
                    ? InOrder([none, .. none.Name == ProvenanceNames.GitUnread ? GitFiles.Of(folder) : []], [])
                    : InOrder(read.Entries, read.Omitted);
            }

            // One by one: a commit that can be read is recorded even if the differences from it cannot.
            string? root = repository.Info.IsBare ? null : GitRepositories.RootOf(repository, folder);
            foreach (ProvenanceEntry entry in Entries(repository, root, folder))
            {
                entries.Add(entry);
            }

            if (root is not null && GitRepositories.IsElsewhere(root, folder))
            {
                entries.Add(new(ProvenanceNames.GitUnread, GitRepositories.Elsewhere));
            }
            else if (root is not null)
            {
                GitChanges changes = Changes(
                    repository,
                    root,
                    [.. recordedElsewhere.Select(path => FolderIn(root, path))],
                    recordUntracked
                );
                omitted = changes.Omitted;
                entries.AddRange(Entries(changes));
            }
        }
        catch (Exception e) when (GitRepositories.IsUnreadable(e))
        {
            string why = GitRepositories.Reason(e);
            if (GitFallback.Of(folder, recordedElsewhere, recordUntracked, why) is { } read)
            {
                (entries, omitted) = ([.. read.Entries], read.Omitted);
            }
            else
            {
                entries = [.. entries.Count == 0 ? GitFiles.Of(folder) : entries, new(ProvenanceNames.GitUnread, why)];
            }
        }

        return InOrder(entries, omitted);
    }

    private static GitChanges Changes(
        Repository repository,
        string root,
        string[] recordedElsewhere,
        bool recordUntracked
    )
    {
        if (root != repository.Info.WorkingDirectory)
        {
            using var moved = new ProgramTree(root);
            return GitChanges.Of(moved.Read(), recordedElsewhere, recordUntracked);
        }

        string? blind = BlindSettings.Of(repository);
        if (blind is null || !GitProgram.IsInstalled)
        {
            WorkingTree tree = LibraryTree.Of(repository);
            return GitChanges.Of(
                blind is null
                    ? tree
                    : tree with
                    {
                        Gaps = [.. tree.Gaps, Omission.Overlooked($"the repository has {blind}")],
                    },
                recordedElsewhere,
                recordUntracked
            );
        }

        using var seen = new ProgramTree(root);
        return GitChanges.Of(seen.Read(), recordedElsewhere, recordUntracked);
    }

    private static CodeState InOrder(IEnumerable<ProvenanceEntry> entries, IReadOnlyList<Omission> omitted) =>
        new([.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal)], omitted);

    /// <summary>Returns what a repository's entries lack, and why; null if they are complete.</summary>
    public static string? Missing(IReadOnlyList<ProvenanceEntry> entries)
    {
        bool hasCommit = entries.Any(entry => entry.Name == ProvenanceNames.GitCommit);
        return entries.FirstOrDefault(entry => entry.Name == ProvenanceNames.GitUnread)?.Value is not string reason
                ? null
            : hasCommit ? $"the differences from the commit are not recorded, because git cannot read them: {reason}"
            : $"the commit is not recorded, because the git repository cannot be read: {reason}";
    }

    /// <summary>Returns the URL without user, password and token.</summary>
    internal static string WithoutCredentials(string url) => RemoteAddress.WithoutCredentials(url);

    private static IEnumerable<ProvenanceEntry> Entries(Repository repository, string? root, string folder)
    {
        yield return new(
            ProvenanceNames.GitRepository,
            root is null ? ProvenanceValues.Bare : ProvenanceValues.WorkingTree
        );
        yield return new(ProvenanceNames.GitCommit, CommitOf(repository));
        yield return new(
            ProvenanceNames.GitBranch,
            repository.Info.IsHeadDetached ? ProvenanceValues.Detached : repository.Head.FriendlyName
        );
        yield return new(ProvenanceNames.GitRemote, RemoteOf(repository));
        if (root is not null)
        {
            yield return new(ProvenanceNames.GitFolder, FolderIn(root, folder));
        }
    }

    /// <summary>The entries of the differences from the commit.</summary>
    internal static IEnumerable<ProvenanceEntry> Entries(GitChanges changes)
    {
        yield return new(ProvenanceNames.GitDirty, YesNo.Of(changes.Patch != "" || changes.Omitted.Count > 0));
        if (changes.Patch != "")
        {
            yield return new(ProvenanceNames.GitPatch, changes.Patch);
            yield return new(ProvenanceNames.GitPatchSha256, Sha256Hex.OfText(changes.Patch));
        }

        if (changes.Omitted.Count > 0)
        {
            yield return new(
                ProvenanceNames.GitNotInPatch,
                OmittedFile.TextOf(changes.Omitted.Select(omission => omission.File))
            );
        }
    }

    /// <summary>A repository too damaged to be recognised as one is not the same as none.</summary>
    private static ProvenanceEntry NoRepository(string folder) =>
        GitRepositories.WorkingTree(folder) is string root
            ? new(ProvenanceNames.GitUnread, $"{Path.Combine(root, ".git")} is not a repository")
            : new(ProvenanceNames.GitRepository, ProvenanceValues.None);

    private static string CommitOf(Repository repository) =>
        repository.Info.IsHeadUnborn
            ? ProvenanceValues.None
            : repository.Head.Tip?.Sha ?? throw new NotFoundException("the commit that HEAD points to is missing");

    private static string RemoteOf(Repository repository)
    {
        RemoteCollection remotes = repository.Network.Remotes;
        string? tracked = repository.Head.RemoteName;
        Remote? remote = (tracked is null ? null : remotes[tracked]) ?? remotes["origin"] ?? remotes.FirstOrDefault();
        return remote is null ? ProvenanceValues.None : WithoutCredentials(remote.Url);
    }

    /// <summary>Returns a path in the repository, with forward slashes.</summary>
    internal static string FolderIn(string root, string folder) =>
        Path.GetRelativePath(RealPath(root), RealPath(folder)).Replace('\\', '/');

    // Unresolved links could make a path look as if it were outside the repository.
    internal static string RealPath(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        string? link = Path.Exists(full) ? Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName : null;
        return link is null ? Path.Combine(RealPath(parent), Path.GetFileName(full)) : RealPath(link);
    }
}
