using BreakHis.SecretSearch;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>What a patch omits, as it is found in a working tree.</summary>
/// <param name="File">What is recorded of it.</param>
/// <param name="IsSecret">Whether it seems to contain a secret.</param>
internal sealed record Omission(OmittedFile File, bool IsSecret)
{
    private const int ShortestHashed = 32;

    /// <summary>Returns a file that seems to contain a secret, without its hash.</summary>
    /// <param name="why">Why it seems so.</param>
    /// <param name="size">Its size in bytes.</param>
    public static Omission Secret(string path, string why, long size) =>
        new(new(OmittedFile.Withheld, Shown(path), $"{why}; {Plural.Of(size, "byte")}"), IsSecret: true);

    /// <summary>Returns a folder of untracked files.</summary>
    /// <param name="path">Its path without a slash at the end, which git's own lists give only to folders.</param>
    public static Omission Folder(string path, string reason) =>
        new(new(OmittedFile.Withheld, Shown(path) + "/", reason), IsSecret: false);

    /// <summary>Returns a tracked file or a submodule.</summary>
    /// <param name="sha256">Its hash, the commit of the submodule, or words instead.</param>
    public static Omission Tracked(string sha256, string path, string reason) =>
        new(new(sha256, path, reason), IsSecret: false);

    /// <summary>Returns a submodule with uncommitted changes.</summary>
    /// <param name="commit">The commit that is checked out, or null if there is none.</param>
    public static Omission Submodule(string? commit, string path) =>
        Tracked(commit ?? ProvenanceValues.None, path, "submodule with uncommitted changes");

    /// <summary>Returns an untracked folder that is another repository.</summary>
    /// <param name="commit">The commit that is checked out, or an empty text if there is none.</param>
    public static Omission Repository(string commit, string path) =>
        Tracked(
            commit == "" ? ProvenanceValues.None : commit,
            Shown(path),
            "another repository, of which only the commit is recorded"
        );

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
            IsSecret: false
        );

    // A name can contain a token.
    private static string Shown(string path) => Secrets.Find(path) is null ? path : OmittedFile.Withheld;
}
