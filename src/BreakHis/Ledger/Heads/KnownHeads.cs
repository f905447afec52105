using BreakHis.Files;
using BreakHis.Provenance.Git;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Wording;
using LibGit2Sharp;
using static System.FormattableString;

namespace BreakHis.Ledger.Heads;

/// <summary>Finds heads recorded outside the ledger, and writes heads to git notes.</summary>
internal static class KnownHeads
{
    /// <summary>The namespace of the tool's git notes: refs/notes/breakhis.</summary>
    public const string Notes = "breakhis";

    /// <summary>The most characters of a note: thousands of statements.</summary>
    private const int LongestNote = 4 << 20;

    /// <summary>
    /// Returns all available heads: from the command line, from reports, from git notes and from signatures; and why the
    /// notes cannot be read, or null.
    /// </summary>
    /// <param name="home">The home folder with its signatures.</param>
    /// <param name="folder">A folder in the working tree whose notes to read.</param>
    /// <param name="given">Heads such as 12:0a1b..., in the format that <c>ledger head</c> prints.</param>
    /// <param name="signers">The file of SSH keys that may sign notes, or null.</param>
    /// <exception cref="InputException">A head is invalid, or a report cannot be read or pins nothing.</exception>
    public static (IReadOnlyList<KnownHead> Heads, string? NotesUnread) Gather(
        HomeFolder home,
        string folder,
        IEnumerable<string> given,
        IEnumerable<string> reports,
        string? signers = null
    )
    {
        (IReadOnlyList<KnownHead> notes, string? unread) = InNotes(folder);
        KnownHead[] heads =
        [
            .. given
                .Select(KnownHead.Parse)
                .Concat(reports.SelectMany(InReport))
                .Concat(signers is null ? notes : notes.Select(head => HeadSignature.Checked(head, signers)))
                .Concat(HeadSignature.Statements(home))
                .Distinct(),
        ];
        return (heads, unread);
    }

    /// <summary>Returns the heads that a report pins.</summary>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="InputException">The report cannot be read, or pins nothing.</exception>
    public static IReadOnlyList<KnownHead> InReport(string path)
    {
        string html;
        try
        {
            html = RegularFile.Text(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ProblemCodes.FileAccess, $"{path}: {FileFault.Reason(path, e)}");
        }

        IReadOnlyList<KnownHead> heads = KnownHead.InReport(html, path);
        return heads.Count > 0
            ? heads
            : throw new InputException(
                ProblemCodes.Head,
                $"{path}: pins no ledger; name a report written by 'dotnet breakhis report'"
            );
    }

    /// <summary>
    /// Returns the heads in a repository's notes, and why the notes cannot be read; null if they can, or if there is no
    /// repository.
    /// </summary>
    /// <param name="folder">A folder in the repository's working tree.</param>
    public static (IReadOnlyList<KnownHead> Heads, string? Unread) InNotes(string folder)
    {
        try
        {
            using Repository? repository = GitRepositories.Containing(folder);
            List<KnownHead> heads = [];
            string? unread = null;
            foreach (
                (string about, ObjectId text) in repository is null
                    ? []
                    : Contents.Notes(repository, $"refs/notes/{Notes}")
            )
            {
                string source = $"the git note on {ShortHash.OfCommit(about)}";
                if (Contents.SizeOf(repository!, text) > LongestNote)
                {
                    unread = Invariant($"{source} is longer than {LongestNote >> 20} MB");
                    continue;
                }

                heads.AddRange(NoteStatement.Heads(repository!.Lookup<Blob>(text).GetContentText(), source));
            }

            return (heads, unread);
        }
        catch (NotFoundException)
        {
            // The repository has no notes from this tool.
            return ([], null);
        }
        catch (Exception e) when (GitRepositories.IsUnreadable(e))
        {
            return ([], OneLine.Of(e.Message));
        }
    }

    /// <summary>Returns the command that fetches notes, if the repository has a remote but no notes of this tool.</summary>
    /// <param name="folder">A folder in the repository's working tree.</param>
    public static string? FetchCommand(string folder)
    {
        try
        {
            using Repository? repository = GitRepositories.Containing(folder);
            string reference = $"refs/notes/{Notes}";
            return repository?.Refs[reference] is null && repository?.Network.Remotes.FirstOrDefault() is { } remote
                ? $"git fetch {remote.Name} {reference}:{reference}"
                : null;
        }
        catch (Exception e) when (GitRepositories.IsUnreadable(e))
        {
            return null;
        }
    }

    /// <summary>Appends a head to the note on the commit of HEAD.</summary>
    /// <param name="folder">A folder in the working tree.</param>
    /// <param name="runs">Runs of the ledger, which are pinned too.</param>
    /// <param name="signature">An ASCII-armoured signature of the statement, or null.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="InputException">There is no commit, or git has no user name and email.</exception>
    public static string WriteNote(
        string folder,
        KnownHead head,
        IEnumerable<KnownHead> runs,
        DateTimeOffset now,
        string? signature
    )
    {
        try
        {
            using Repository repository =
                GitRepositories.Containing(folder)
                ?? throw new InputException(
                    ProblemCodes.Head,
                    "there is no git repository here for the note; print the head with 'dotnet breakhis ledger head' and keep it elsewhere"
                );
            Commit tip =
                repository.Head.Tip
                ?? throw new InputException(
                    ProblemCodes.Head,
                    "the repository has no commit yet to attach the note to; commit first"
                );
            Signature who =
                repository.Config.BuildSignature(now)
                ?? throw new InputException(
                    ProblemCodes.Head,
                    "git has no identity for the note; set user.name and user.email"
                );
            string? before = repository.Notes[Notes, tip.Id]?.Message;
            string line = $"{head.Statement} {LedgerText.Time(now)}\n{NoteStatement.RunLines(runs)}{signature}";
            repository.Notes.Add(tip.Id, before is null ? line : $"{before.TrimEnd('\n')}\n{line}", who, who, Notes);
            return tip.Sha;
        }
        catch (LibGit2SharpException e)
        {
            throw new InputException(
                ProblemCodes.Head,
                $"the git note cannot be written: {OneLine.Of(e.Message)}; 'ledger sign' needs no repository",
                e
            );
        }
    }
}
