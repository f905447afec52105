using System.Text.RegularExpressions;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Opens repositories.</summary>
internal static partial class GitRepositories
{
    /// <summary>
    /// libgit2 refuses repositories of other users, which are common in containers, in CI and in shared folders. It
    /// refuses them because git runs programs that a repository names; libgit2 does not run any.
    /// </summary>
    static GitRepositories() => GlobalSettings.SetOwnerValidation(enabled: false);

    /// <summary>Returns the repository that a folder is in, or null.</summary>
    /// <exception cref="LibGit2SharpException">The repository cannot be read.</exception>
    /// <exception cref="IOException">It has a file that no repository has.</exception>
    public static Repository? Containing(string folder)
    {
        RepositoryFiles.Check(folder);
        if (Repository.Discover(folder) is not string found)
        {
            return null;
        }

        // A git directory elsewhere (of git init --separate-git-dir) does not name its working tree: opened by itself, it
        // would be taken for that of the folder around it.
        string? root = WorkingTree(folder);
        return new Repository(root is not null && Repository.Discover(root) == found ? root : found);
    }

    /// <summary>Returns the nearest folder with an entry <c>.git</c>: the folder itself or one around it; or null.</summary>
    public static string? WorkingTree(string folder)
    {
        DirectoryInfo? place = new(Path.GetFullPath(folder));
        while (place is not null && !Path.Exists(Path.Combine(place.FullName, ".git")))
        {
            place = place.Parent;
        }

        return place?.FullName;
    }

    /// <summary>
    /// Returns the folder of the working tree that a folder is in, as git sees it. libgit2 looks for a linked worktree
    /// that was moved in the place where git created it.
    /// </summary>
    /// <param name="repository">The repository that <paramref name="folder"/> is in.</param>
    public static string RootOf(Repository repository, string folder) =>
        IsElsewhere(repository.Info.WorkingDirectory, folder)
        && repository.Config.Get<string>("core.worktree") is null
        && NearestRepository(folder) is string moved
            ? moved
            : repository.Info.WorkingDirectory;

    /// <summary>Why a working tree is not compared.</summary>
    public const string Elsewhere = "core.worktree names another folder";

    /// <summary>
    /// Whether the setting core.worktree makes git look at another folder than the one in which the repository is.
    /// </summary>
    /// <param name="root">The folder of the working tree, as git sees it.</param>
    /// <param name="folder">A folder in the working tree.</param>
    public static bool IsElsewhere(string root, string folder) =>
        NearestRepository(folder) is string expected
        && GitProvenance.RealPath(root) != GitProvenance.RealPath(expected);

    /// <summary>As <see cref="WorkingTree"/>, without folders <c>.git</c> that git passes over.</summary>
    private static string? NearestRepository(string folder)
    {
        string? root = WorkingTree(folder);
        while (
            root is not null
            && Directory.Exists(Path.Combine(root, ".git"))
            && !Path.Exists(Path.Combine(root, ".git", "HEAD"))
        )
        {
            root = Path.GetDirectoryName(root) is string around ? WorkingTree(around) : null;
        }

        return root;
    }

    /// <summary>Returns whether an exception means that a repository, or libgit2 itself, cannot be read.</summary>
    public static bool IsUnreadable(Exception e) =>
        e
            is LibGit2SharpException
                or IOException
                or UnauthorizedAccessException
                or TypeInitializationException
                // For a HEAD that names something else than a branch.
                or ArgumentException
                or DllNotFoundException;

    /// <summary>Returns the reason of an exception on one line, with short hashes: long ones look like secrets.</summary>
    public static string Reason(Exception e) =>
        Id().Replace(OneLine.Of(e.Message), id => ShortHash.Dotted(id.Groups["id"].Value));

    [GeneratedRegex(
        "'?\\b(?<id>[0-9a-f]{40,64})\\b'?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Id();
}
