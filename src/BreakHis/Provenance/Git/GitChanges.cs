using System.Text.RegularExpressions;
using BreakHis.Files;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>The differences between a working tree and its commit.</summary>
/// <param name="Patch">A patch that turns a clean checkout into the working tree; empty if the tree is clean.</param>
internal sealed record GitChanges(string Patch, IReadOnlyList<Omission> Omitted)
{
    private const long LargestUntracked = 1 << 20;
    private const long LargestTracked = 16 << 20;
    private const long LargestPatch = 64 << 20;

    /// <summary>Writes the patch of a working tree, including staged and untracked files.</summary>
    /// <param name="recordedElsewhere">Paths in the repository, with forward slashes, whose untracked files are
    /// omitted.</param>
    /// <param name="recordUntracked">Whether the patch contains all untracked files, not only code.</param>
    public static GitChanges Of(WorkingTree tree, IReadOnlyList<string> recordedElsewhere, bool recordUntracked = false)
    {
        List<string> patch = [];
        List<Omission> omitted = [];
        long length = 0;
        TreeChange[] all =
        [
            .. tree.Changes.Where(change =>
                change.IsTracked || !recordedElsewhere.Any(path => IsIn(path, change.Path))
            ),
        ];
        (IReadOnlyList<TreeChange> changed, IReadOnlyList<Omission> folders) = recordUntracked
            ? (all, [])
            : LargeFolders.Separate(all, tree.Tracked);
        omitted.AddRange(folders);
        var secrets = ChangedSecrets.Of(changed);
        foreach (TreeChange change in changed)
        {
            Omission? left = Left(tree, change, LargestPatch - length, recordUntracked, secrets);
            string section = left is null ? Section(tree, change, secrets, out left) : "";
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

        omitted.AddRange(tree.Gaps);
        omitted.AddRange(changed.Where(ChangesEncodings).Select(change => Omission.Encodings(change.Path)));
        return new GitChanges(string.Concat(patch), omitted);
    }

    /// <summary>Whether a change of attributes may change the encodings of other files in the working tree.</summary>
    private static bool ChangesEncodings(TreeChange change)
    {
        if (Path.GetFileName(change.Path) != ".gitattributes" || !change.Before.IsFile)
        {
            return false;
        }

        using var content = new StreamReader(new MemoryStream(change.Before.Content()));
        return BlindSettings.HasEncoding(content.ReadToEnd());
    }

    private static Omission? Left(
        WorkingTree tree,
        TreeChange change,
        long room,
        bool recordUntracked,
        ChangedSecrets secrets
    )
    {
        if (UncomparedFiles.IsUnnameable(change.Path))
        {
            return Omission.Unnameable(change.Path);
        }

        if (FileModes.IsSpecial(tree.FileOf(change.Path)))
        {
            return Omission.Tracked(OmittedFile.Unreadable, change.Path, FileKind.NotRegular);
        }

        long size = SizeOf(tree, change);
        string? secret =
            ChangedSecrets.InName(change.Path, change.Before.IsFile || change.IsFile)
            ?? (
                change is { IsFile: true, IsTracked: false } && size <= LargestUntracked
                    ? SecretIn(tree, change, secrets)
                    : null
            );
        return secret is not null ? Omission.Secret(change.Path, secret, size)
            : ReasonToLeave(size, change, room, recordUntracked) is not string reason ? null
            : Hashed(tree, change, reason);
    }

    private static Omission Hashed(WorkingTree tree, TreeChange change, string reason) =>
        change.IsTracked
            ? Omission.Tracked(HashOf(tree, change.Path), change.Path, reason)
            : Omission.Untracked(change.Path, reason, SizeOf(tree, change), () => HashOf(tree, change.Path));

    private static string? SecretIn(WorkingTree tree, TreeChange change, ChangedSecrets secrets)
    {
        try
        {
            return secrets.In(File.ReadAllBytes(tree.FileOf(change.Path)), change.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The size of the file in the working tree, or in the commit if it is deleted.</summary>
    private static long SizeOf(WorkingTree tree, TreeChange change) =>
        new FileInfo(tree.FileOf(change.Path)) is { Exists: true } file ? file.Length : change.Before.Size;

    private static string? ReasonToLeave(long size, TreeChange change, long room, bool recordUntracked) =>
        !change.IsFile ? null
        : !change.IsTracked && !recordUntracked && !UntrackedFile.IsCode(change.Path)
            ? "untracked, and neither spec, source nor project file"
        : size > (change.IsTracked ? LargestTracked : LargestUntracked) ? $"{size} bytes, too large for the patch"
        : size > room ? "the patch reached its size limit"
        : null;

    /// <param name="left">What the patch omits instead, or null.</param>
    private static string Section(WorkingTree tree, TreeChange change, ChangedSecrets secrets, out Omission? left)
    {
        try
        {
            FileState after = change.After();
            left = change.IsRepository
                ? Omission.Repository(after.Id, change.Path)
                : Unpatched(tree, change, after, secrets);
            return left is null ? GitPatch.Section(change.Path, change.Before, after, tree.Differences) : "";
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            left = Hashed(tree, change, GitRepositories.Reason(e));
            return "";
        }
    }

    /// <summary>
    /// Returns what the patch omits because of the content before or after, both of which the patch would show; or null.
    /// </summary>
    private static Omission? Unpatched(WorkingTree tree, TreeChange change, FileState after, ChangedSecrets secrets)
    {
        FileState before = change.Before;
        if (before.Size > LargestTracked)
        {
            return Omission.Tracked(
                HashOf(tree, change.Path),
                change.Path,
                $"{before.Size} bytes in the commit, too large for the patch"
            );
        }

        try
        {
            return (secrets.In(after.Content(), change.Path) ?? secrets.In(before.Content(), change.Path)) is string why
                ? Omission.Secret(change.Path, why, SizeOf(tree, change))
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return Omission.Secret(change.Path, "it could not be searched for secrets", SizeOf(tree, change));
        }
    }

    /// <summary>Returns whether a path is in a place; both are paths in the repository, with forward slashes.</summary>
    internal static bool IsIn(string place, string path) =>
        place == "." || path == place || path.StartsWith(place + "/", StringComparison.Ordinal);

    private static string HashOf(WorkingTree tree, string path)
    {
        try
        {
            return Sha256Hex.OfFile(tree.FileOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return OmittedFile.Unreadable;
        }
    }
}
