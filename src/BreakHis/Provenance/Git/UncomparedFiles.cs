using BreakHis.Processes;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Tracked files that git does not compare with the commit, because <c>git update-index</c> was called with
/// <c>--assume-unchanged</c> or <c>--skip-worktree</c>.
/// </summary>
/// <param name="Hidden">The paths of those that a run reads like all others, so that a change counts.</param>
/// <param name="LeftOut">The paths of those that a sparse checkout leaves out, so that they are no deletions.</param>
internal sealed record UncomparedFiles(IReadOnlyList<string> Hidden, IReadOnlySet<string> LeftOut)
{
    private const char NotUtf8 = '\uFFFD';

    /// <summary>The arguments of git that list tracked files with their state.</summary>
    public static IReadOnlyList<string> Question { get; } = ["ls-files", "-v", "-z"];

    /// <summary>Returns the files, or null if git is not installed or cannot read the repository.</summary>
    /// <param name="root">The folder of the working tree.</param>
    public static UncomparedFiles? Of(string root) =>
        GitProgram.Read(root, [], Question) is { Done: true } answer ? In(answer, root) : null;

    /// <summary>Returns the files.</summary>
    /// <param name="answer">What git says to <see cref="Question"/>.</param>
    /// <param name="root">The folder of the working tree.</param>
    public static UncomparedFiles In(ProgramResult answer, string root)
    {
        List<string> hidden = [];
        var leftOut = new HashSet<string>(StringComparer.Ordinal);
        foreach (string file in answer.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // A tag and a blank come before the path. The tag is in lower case if the file is assumed to be unchanged, and
            // S if it is skipped.
            (char tag, string path) = (file[0], file[2..]);
            bool isSkipped = tag is 'S' or 's';
            if (isSkipped && !IsUnnameable(path) && FileModes.Of(Path.Combine(root, path)) is null)
            {
                leftOut.Add(path);
            }
            else if (isSkipped || char.IsAsciiLetterLower(tag))
            {
                hidden.Add(path);
            }
        }

        return new(hidden, leftOut);
    }

    /// <summary>Whether a path has bytes that are not UTF-8, so that .NET cannot open it.</summary>
    public static bool IsUnnameable(string path) => path.Contains(NotUtf8, StringComparison.Ordinal);
}
