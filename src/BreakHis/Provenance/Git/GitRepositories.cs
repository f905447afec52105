using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Opens repositories.</summary>
internal static class GitRepositories
{
    /// <summary>
    /// libgit2 refuses repositories of other users, which are common in containers, in CI and in shared folders. It
    /// refuses them because git runs programs that a repository names; libgit2 does not run any.
    /// </summary>
    static GitRepositories() => GlobalSettings.SetOwnerValidation(enabled: false);

    /// <summary>Returns the repository that a folder is in, or null.</summary>
    /// <exception cref="LibGit2SharpException">The repository cannot be read.</exception>
    public static Repository? Containing(string folder) =>
        Repository.Discover(folder) is string found ? new Repository(WorkingTree(folder, found) ?? found) : null;

    /// <summary>
    /// The nearest parent with an entry <c>.git</c>, if it belongs to the repository. A git directory elsewhere (of
    /// <c>git init --separate-git-dir</c>) does not name its working tree: opened by itself, it would be taken for that of
    /// the folder around it.
    /// </summary>
    private static string? WorkingTree(string folder, string repository)
    {
        DirectoryInfo? place = new(Path.GetFullPath(folder));
        while (place is not null && !Path.Exists(Path.Combine(place.FullName, ".git")))
        {
            place = place.Parent;
        }

        return place is not null && Repository.Discover(place.FullName) == repository ? place.FullName : null;
    }

    /// <summary>Returns whether an exception means that a repository, or libgit2 itself, cannot be read.</summary>
    public static bool IsUnreadable(Exception e) =>
        e
            is LibGit2SharpException
                or IOException
                or UnauthorizedAccessException
                or TypeInitializationException
                or DllNotFoundException;
}
