using BreakHis.SecretSearch;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>Why a patch omits something.</summary>
internal enum OmissionKind
{
    /// <summary>It is not code, and its hash is recorded.</summary>
    NotCode,

    /// <summary>It seems to contain a secret.</summary>
    Secret,

    /// <summary>It may be code that a run or a build reads, but a patch cannot contain it.</summary>
    Gap,
}

/// <summary>What a patch omits, as it is found in a working tree.</summary>
/// <param name="File">What is recorded of it.</param>
internal sealed record Omission(OmittedFile File, OmissionKind Kind)
{
    /// <summary>The path of an entry for changes that may be anywhere in the working tree.</summary>
    public const string Everywhere = ".";

    private const int ShortestHashed = 32;

    /// <summary>Returns a file that seems to contain a secret, without its hash.</summary>
    /// <param name="why">Why it seems so.</param>
    /// <param name="size">Its size in bytes.</param>
    public static Omission Secret(string path, string why, long size) =>
        new(new(OmittedFile.Withheld, Shown(path), $"{why}; {Plural.Of(size, "byte")}"), OmissionKind.Secret);

    /// <summary>Returns a folder of untracked files.</summary>
    /// <param name="path">Its path without a slash at the end, which git's own lists give only to folders.</param>
    public static Omission Folder(string path, string reason) =>
        new(new(OmittedFile.Withheld, Shown(path) + "/", reason), OmissionKind.Gap);

    /// <summary>Returns a tracked file or a submodule.</summary>
    /// <param name="sha256">Its hash, the commit of the submodule, or words instead.</param>
    public static Omission Tracked(string sha256, string path, string reason) =>
        new(new(sha256, path, reason), OmissionKind.Gap);

    /// <summary>Returns a submodule with uncommitted changes.</summary>
    /// <param name="commit">The commit that is checked out, or null if there is none.</param>
    public static Omission Submodule(string? commit, string path) =>
        Tracked(commit ?? ProvenanceValues.None, path, "submodule with uncommitted changes");

    /// <summary>
    /// Returns the folder of a submodule whose repository is missing; null if it has no files, as before a checkout.
    /// </summary>
    /// <param name="folder">The folder's absolute path.</param>
    public static Omission? Orphan(string path, string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            ? Tracked(
                ProvenanceValues.None,
                path,
                "files in the folder of a submodule, whose repository is missing, so they are not recorded"
            )
            : null;

    /// <summary>Returns an entry for changed attributes: git apply converts other files by the attributes of the commit.</summary>
    public static Omission Encodings(string path) =>
        Tracked(ProvenanceValues.None, path, "other encodings of files, which no patch restores");

    /// <summary>Returns an entry for differences that may have been overlooked.</summary>
    /// <param name="why">What may hide them.</param>
    public static Omission Overlooked(string why) =>
        Tracked(ProvenanceValues.None, Everywhere, $"git is not installed, and {why}");

    /// <summary>Returns an untracked folder that is another repository.</summary>
    /// <param name="commit">The commit that is checked out, or an empty text if there is none.</param>
    public static Omission Repository(string commit, string path) =>
        Tracked(
            commit == "" ? ProvenanceValues.None : commit,
            Shown(path),
            "another repository, of which only the commit is recorded"
        );

    /// <summary>Returns a file with a name that .NET cannot express, so that it cannot be opened.</summary>
    /// <param name="path">Its path, with U+FFFD for each byte that is not UTF-8.</param>
    public static Omission Unnameable(string path) =>
        Tracked(OmittedFile.Unreadable, Shown(path), "its name is not UTF-8, so it cannot be read");

    /// <summary>Returns an untracked file: without its hash if the content is so short that it could be guessed.</summary>
    /// <param name="hash">Returns its hash.</param>
    public static Omission Untracked(string path, string reason, long size, Func<string> hash) =>
        new(
            size < ShortestHashed
                ? new(
                    OmittedFile.Withheld,
                    path,
                    $"{reason}; {Plural.Of(size, "byte")}, too short to record its hash, from which it could be guessed"
                )
                : new(hash(), path, reason),
            UntrackedFile.IsCode(path) ? OmissionKind.Gap : OmissionKind.NotCode
        );

    // A name can contain a token.
    private static string Shown(string path) => Secrets.FindInPath(path) is null ? path : OmittedFile.Withheld;
}
