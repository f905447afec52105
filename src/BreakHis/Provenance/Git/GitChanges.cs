using System.Text.RegularExpressions;
using BreakHis.Files;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>The differences between a working tree and its commit.</summary>
/// <param name="Patch">A patch that turns a clean checkout into the working tree; empty if the tree is clean.</param>
internal sealed record GitChanges(string Patch, IReadOnlyList<Omission> Omitted)
{
    private const long LargestUntracked = 1 << 20;
    private const long LargestTracked = 16 << 20;
    private const long LargestPatch = 64 << 20;

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
        List<Omission> omitted = [];
        long length = 0;
        (IReadOnlyList<TreeEntryChanges> changed, IReadOnlyList<Omission> folders) = LargeFolders.Separate(
            repository,
            [
                .. changes
                    .Where(change => change.Status != ChangeKind.Unmodified)
                    .Where(change =>
                        IsTracked(repository, change) || !recordedElsewhere.Any(path => IsIn(path, change.Path))
                    ),
            ],
            change => IsTracked(repository, change)
        );
        omitted.AddRange(folders);
        var secrets = ChangedSecrets.Of(repository, changed);
        foreach (TreeEntryChanges change in changed)
        {
            Mode mode = ModeOf(repository, change);
            Omission? left = Left(repository, change, mode, LargestPatch - length, recordUntracked, secrets);
            string section = left is null ? Section(repository, change, mode, secrets, out left) : "";
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

    private static Omission? Left(
        Repository repository,
        TreeEntryChanges change,
        Mode mode,
        long room,
        bool recordUntracked,
        ChangedSecrets secrets
    )
    {
        long size = SizeOf(repository, change);
        bool isFile = mode is not (Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink);
        bool tracked = IsTracked(repository, change);
        string? secret =
            ChangedSecrets.InName(change.Path, WasFile(repository, change) || isFile)
            ?? (isFile && !tracked && size <= LargestUntracked ? SecretIn(repository, change, secrets) : null);
        return secret is not null ? Omission.Secret(change.Path, secret, size)
            : ReasonToLeave(size, tracked, change, mode, room, recordUntracked) is not string reason ? null
            : Hashed(repository, change, reason, tracked);
    }

    private static Omission Hashed(Repository repository, TreeEntryChanges change, string reason, bool tracked) =>
        tracked
            ? Omission.Tracked(HashOf(repository, change.Path), change.Path, reason)
            : Omission.Untracked(
                change.Path,
                reason,
                SizeOf(repository, change),
                () => HashOf(repository, change.Path)
            );

    private static bool WasFile(Repository repository, TreeEntryChanges change) =>
        repository.Head.Tip?.Tree[change.Path] is { Mode: not Mode.SymbolicLink, TargetType: TreeEntryTargetType.Blob };

    private static string? SecretIn(Repository repository, TreeEntryChanges change, ChangedSecrets secrets)
    {
        try
        {
            return secrets.In(File.ReadAllBytes(FileOf(repository, change.Path)), change.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The size of the file in the working tree, or in HEAD if it is deleted.</summary>
    private static long SizeOf(Repository repository, TreeEntryChanges change) =>
        new FileInfo(FileOf(repository, change.Path)) is { Exists: true } file ? file.Length
        : repository.Head.Tip?.Tree[change.Path]?.Target is Blob blob ? blob.Size
        : 0;

    private static string? ReasonToLeave(
        long size,
        bool tracked,
        TreeEntryChanges change,
        Mode mode,
        long room,
        bool recordUntracked
    ) =>
        mode is Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink ? null
        : !tracked && !recordUntracked && !UntrackedFile.IsCode(change.Path)
            ? "untracked, and neither spec, source nor project file"
        : size > (tracked ? LargestTracked : LargestUntracked) ? $"{size} bytes, too large for the patch"
        : size > room ? "the patch reached its size limit"
        : null;

    /// <param name="left">What the patch omits instead, or null.</param>
    private static string Section(
        Repository repository,
        TreeEntryChanges change,
        Mode mode,
        ChangedSecrets secrets,
        out Omission? left
    )
    {
        try
        {
            left = Unpatched(repository, change, mode, secrets);
            return left is null ? GitPatch.Section(repository, change.Path, mode) : "";
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            left = Hashed(repository, change, OneLine.Of(e.Message), IsTracked(repository, change));
            return "";
        }
    }

    /// <summary>
    /// Returns what the patch omits because of the content before or after, both of which the patch would show; or null.
    /// </summary>
    private static Omission? Unpatched(
        Repository repository,
        TreeEntryChanges change,
        Mode mode,
        ChangedSecrets secrets
    )
    {
        (FileState before, FileState after) = GitPatch.States(repository, change.Path, mode);
        if (before.Size > LargestTracked)
        {
            return Omission.Tracked(
                HashOf(repository, change.Path),
                change.Path,
                $"{before.Size} bytes in the commit, too large for the patch"
            );
        }

        try
        {
            return (secrets.In(after.Content(), change.Path) ?? secrets.In(before.Content(), change.Path)) is string why
                ? Omission.Secret(change.Path, why, SizeOf(repository, change))
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return Omission.Secret(change.Path, "it could not be searched for secrets", SizeOf(repository, change));
        }
    }

    private static bool IsTracked(Repository repository, TreeEntryChanges change) =>
        change.OldExists || repository.Index[change.Path] is not null;

    /// <summary>Returns whether a path is in a place; both are paths in the repository, with forward slashes.</summary>
    internal static bool IsIn(string place, string path) =>
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

    private static IEnumerable<Omission> ChangedSubmodules(Repository repository)
    {
        const SubmoduleStatus changed =
            SubmoduleStatus.WorkDirFilesIndexDirty
            | SubmoduleStatus.WorkDirFilesModified
            | SubmoduleStatus.WorkDirFilesUntracked;
        return repository
            .Submodules.Where(submodule => (submodule.RetrieveStatus() & changed) != SubmoduleStatus.Unmodified)
            .Select(submodule =>
                Omission.Tracked(
                    submodule.WorkDirCommitId?.Sha ?? ProvenanceValues.None,
                    submodule.Path,
                    "submodule with uncommitted changes"
                )
            );
    }
}
