using BreakHis.Processes;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Reads repositories in formats that the library does not know, such as those with SHA-256 objects, with the git
/// program: commit, branch, remote, and whether the working tree differs from the commit, but not the differences.
/// </summary>
internal static class GitFallback
{
    private const int Shown = 3;

    /// <summary>Returns the entries of a repository, or null if git cannot read it either.</summary>
    /// <param name="folder">A folder in the working tree.</param>
    /// <param name="recordedElsewhere">Folders and files whose untracked content does not count.</param>
    /// <param name="why">Why the library cannot read the repository.</param>
    public static IReadOnlyList<ProvenanceEntry>? Of(string folder, IEnumerable<string> recordedElsewhere, string why)
    {
        string? Ask(params string[] arguments) => Answer(folder, [], arguments);

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
            entries.AddRange(
                Changes(root, [.. recordedElsewhere.Select(path => GitProvenance.FolderIn(root, path))], why)
            );
        }

        return entries;
    }

    private static string Remote(string? branch, Func<string[], string?> ask)
    {
        string? remote =
            (branch is null ? null : ask(["config", "--get", $"branch.{branch}.remote"]))
            ?? ask(["remote"])?.Split('\n').OrderByDescending(name => name == "origin").First();
        return remote is not null && ask(["config", "--get", $"remote.{remote}.url"]) is { } url
            ? GitProvenance.WithoutCredentials(url)
            : ProvenanceValues.None;
    }

    private static IEnumerable<ProvenanceEntry> Changes(string root, string[] recordedElsewhere, string why)
    {
        string? status = Answer(
            root,
            Filters(root),
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            // Git would run in a submodule with the settings of that submodule.
            "--ignore-submodules=dirty"
        );
        string[] changed =
        [
            .. (status ?? "")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(line =>
                    !line.StartsWith("??", StringComparison.Ordinal)
                    || !recordedElsewhere.Any(place => GitChanges.IsIn(place, line[3..]))
                )
                .Select(line => line[3..]),
        ];
        if (status is not null)
        {
            yield return new(ProvenanceNames.GitDirty, YesNo.Of(changed.Length > 0));
        }

        if (status is null || changed.Length > 0)
        {
            string files = status is null
                ? ""
                : $"; {Plural.Of(changed.Length, "file differs", "files differ")}: {Listing.Words(changed, Shown)}";
            yield return new(ProvenanceNames.GitUnread, OneLine.Of(why + files));
        }
    }

    /// <summary>Filters are programs that a repository names, and git status would run them.</summary>
    private static (string Key, string Value)[] Filters(string root) =>
        [
            .. (
                Answer(
                    root,
                    [],
                    "config",
                    "--null",
                    "--name-only",
                    "--get-regexp",
                    @"^filter\..*\.(clean|smudge|process|required)$"
                ) ?? ""
            )
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(key => (key, key.EndsWith(".required", StringComparison.Ordinal) ? "false" : "")),
        ];

    /// <summary>Returns what git prints, without a line break at its end; null if it fails or prints nothing.</summary>
    private static string? Answer(string folder, (string, string)[] settings, params string[] arguments)
    {
        ProgramResult? answer = GitProgram.Read(folder, settings, ["--no-optional-locks", .. arguments]);
        return answer is { Done: true } && (answer.Output.Length > 0 || arguments[0] == "status")
            ? answer.Output.TrimEnd('\n')
            : null;
    }
}
