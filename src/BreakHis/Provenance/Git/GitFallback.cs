namespace BreakHis.Provenance.Git;

/// <summary>
/// Reads repositories in formats that the library does not know, such as those with SHA-256 objects, with the git
/// program.
/// </summary>
internal static class GitFallback
{
    /// <summary>Returns the entries of a repository, or null if git cannot read it either.</summary>
    /// <param name="folder">A folder in the working tree.</param>
    /// <param name="recordedElsewhere">Folders and files whose untracked content does not count.</param>
    /// <param name="recordUntracked">Whether the patch contains all untracked files, not only code.</param>
    /// <param name="why">Why the library cannot read the repository.</param>
    public static CodeState? Of(string folder, IEnumerable<string> recordedElsewhere, bool recordUntracked, string why)
    {
        string? Ask(params string[] arguments) => Answer(folder, arguments);

        string? head = Ask("rev-parse", "--verify", "--quiet", "HEAD");
        string? commit = Ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        string? branch = Ask("symbolic-ref", "--quiet", "--short", "HEAD");
        bool isDamaged = head is null ? branch is null : commit is null;
        if (isDamaged || Ask("rev-parse", "--is-bare-repository") is not { } isBare)
        {
            return null;
        }

        List<ProvenanceEntry> entries =
        [
            new(ProvenanceNames.GitRepository, isBare == "true" ? ProvenanceValues.Bare : ProvenanceValues.WorkingTree),
            new(ProvenanceNames.GitCommit, commit ?? ProvenanceValues.None),
            new(ProvenanceNames.GitBranch, branch ?? ProvenanceValues.Detached),
            new(ProvenanceNames.GitRemote, Remote(branch, Ask)),
        ];
        if (isBare != "true" && Ask("rev-parse", "--show-toplevel") is { } root)
        {
            entries.Add(new(ProvenanceNames.GitFolder, GitProvenance.FolderIn(root, folder)));
            if (GitRepositories.IsElsewhere(root, folder))
            {
                return new([.. entries, new(ProvenanceNames.GitUnread, GitRepositories.Elsewhere)], []);
            }

            string[] elsewhere = [.. recordedElsewhere.Select(path => GitProvenance.FolderIn(root, path))];
            CodeState changes = Changes(root, elsewhere, recordUntracked, why);
            return new([.. entries, .. changes.Entries], changes.Omitted);
        }

        return new(entries, []);
    }

    private static string Remote(string? branch, Func<string[], string?> ask)
    {
        string? remote =
            (branch is null ? null : ask(["config", "--get", $"branch.{branch}.remote"]))
            ?? ask(["config", "--name-only", "--get-regexp", @"^remote\..*\.url$"])
                ?.Split('\n')
                .Select(key => key["remote.".Length..^".url".Length])
                .MaxBy(name => name == "origin");
        return remote is not null && ask(["config", "--get", $"remote.{remote}.url"]) is { } url
            ? GitProvenance.WithoutCredentials(url)
            : ProvenanceValues.None;
    }

    /// <summary>The differences from the commit; if git cannot read them, the reason, and why git was asked.</summary>
    private static CodeState Changes(string root, string[] recordedElsewhere, bool recordUntracked, string why)
    {
        try
        {
            using var tree = new ProgramTree(root);
            var changes = GitChanges.Of(tree.Read(), recordedElsewhere, recordUntracked);
            return new([.. GitProvenance.Entries(changes)], changes.Omitted);
        }
        catch (Exception e) when (GitRepositories.IsUnreadable(e))
        {
            return new([new(ProvenanceNames.GitUnread, $"{why}; {GitRepositories.Reason(e)}")], []);
        }
    }

    /// <summary>Returns what git prints, without a line break at its end; null if it fails or prints nothing.</summary>
    private static string? Answer(string folder, params string[] arguments) =>
        GitProgram.Read(folder, [], arguments) is { Done: true, Output.Length: > 0 } answer
            ? answer.Output.TrimEnd('\n')
            : null;
}
