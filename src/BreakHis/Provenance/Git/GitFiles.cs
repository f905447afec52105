using BreakHis.Files;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Reads the commit of a repository from its text files (git-scm.com/docs/gitrepository-layout), if neither the library
/// nor git can open it.
/// </summary>
internal static class GitFiles
{
    private const string Reference = "ref: ";
    private const string Branches = "refs/heads/";

    /// <summary>Returns the entries commit and branch, or none if the files do not have them.</summary>
    /// <param name="folder">A folder in the working tree.</param>
    public static IReadOnlyList<ProvenanceEntry> Of(string folder)
    {
        try
        {
            return
                GitRepositories.WorkingTree(folder) is string root
                && Directory(Path.Combine(root, ".git")) is string git
                && RepositoryFiles.FirstLine(Path.Combine(git, "HEAD")) is string head
                && CommitOf(git, head) is string commit
                ?
                [
                    new(ProvenanceNames.GitCommit, commit),
                    new(
                        ProvenanceNames.GitBranch,
                        head.StartsWith(Reference + Branches, StringComparison.Ordinal)
                            ? head[(Reference + Branches).Length..]
                            : ProvenanceValues.Detached
                    ),
                ]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The repository of <c>.git</c>, which is a folder or a file that names one.</summary>
    private static string? Directory(string git) => System.IO.Directory.Exists(git) ? git : RepositoryFiles.Linked(git);

    private static string? CommitOf(string git, string head)
    {
        if (!head.StartsWith(Reference, StringComparison.Ordinal))
        {
            return Commit(head);
        }

        // The branches of a worktree are in the repository that it belongs to.
        string name = head[Reference.Length..];
        string shared = RepositoryFiles.FirstLine(Path.Combine(git, "commondir")) is string common
            ? Path.Combine(git, common)
            : git;
        string packed = Path.Combine(shared, "packed-refs");
        return !name.StartsWith("refs/", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal)
            ? null
            : Commit(RepositoryFiles.FirstLine(Path.Combine(shared, name)))
                ?? (
                    RegularFile.IsAtMost(packed, RepositoryFiles.LongestList)
                        ? Commit(
                            File.ReadLines(packed)
                                .FirstOrDefault(line => line.EndsWith(" " + name, StringComparison.Ordinal))
                                ?.Split(' ')[0]
                        )
                        : null
                );
    }

    private static string? Commit(string? text) =>
        text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower) ? text : null;
}
