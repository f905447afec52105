using BreakHis.Files;
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

    // File names that usually contain secrets. The ledger is meant to be shared.
    private static readonly string[] Secret =
    [
        ".env",
        "*.env",
        ".env.*",
        "*.pem",
        "*.key",
        "*.pfx",
        "*.p12",
        "id_rsa",
        "id_ed25519",
        ".netrc",
        ".npmrc",
        "credentials",
        "credentials.*",
        "secrets.*",
    ];

    /// <summary>
    /// Compares the working tree with the commit, including staged and untracked files. Writes nothing.
    /// </summary>
    /// <param name="recordedElsewhere">Paths in the repository, with forward slashes, whose untracked files are
    /// omitted.</param>
    public static GitChanges Of(Repository repository, IReadOnlyList<string> recordedElsewhere)
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
        foreach (TreeEntryChanges change in changes.Where(change => change.Status != ChangeKind.Unmodified))
        {
            if (!IsTracked(repository, change) && recordedElsewhere.Any(path => IsIn(path, change.Path)))
            {
                continue;
            }

            Mode mode = ModeOf(repository, change);
            string? reason = ReasonToLeave(repository, change, mode, LargestPatch - length);
            string? section = reason is null ? Section(repository, change, mode, out reason) : null;
            if (section is null)
            {
                omitted.Add(new(HashOf(repository, change.Path), change.Path, reason!));
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

    private static string? ReasonToLeave(Repository repository, TreeEntryChanges change, Mode mode, long room)
    {
        if (mode is Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink)
        {
            return null;
        }

        bool tracked = IsTracked(repository, change);
        long size = new FileInfo(FileOf(repository, change.Path)) is { Exists: true } file ? file.Length : 0;
        return !tracked && LooksSecret(change.Path) ? "untracked, and its name suggests a secret"
            : size > (tracked ? LargestTracked : LargestUntracked) ? $"{size} bytes, too large for the patch"
            : size > room ? "the patch reached its size limit"
            : null;
    }

    private static string? Section(Repository repository, TreeEntryChanges change, Mode mode, out string? reason)
    {
        try
        {
            reason = null;
            return GitPatch.Section(repository, change.Path, mode);
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            reason = OneLine.Of(e.Message);
            return null;
        }
    }

    private static bool IsTracked(Repository repository, TreeEntryChanges change) =>
        change.OldExists || repository.Index[change.Path] is not null;

    private static bool IsIn(string place, string path) =>
        place == "." || path == place || path.StartsWith(place + "/", StringComparison.Ordinal);

    private static bool LooksSecret(string path) =>
        Secret.Any(pattern =>
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path))
        );

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
