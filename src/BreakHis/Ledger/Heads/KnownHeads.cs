using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Ledger.Heads;

/// <summary>Finds the heads that are known from outside of the ledger, and makes one known.</summary>
internal static class KnownHeads
{
    /// <summary>The namespace of our git notes: refs/notes/breakhis.</summary>
    public const string Notes = "breakhis";

    /// <summary>All heads that can be found: those given, those of reports, and those in git notes and signatures.</summary>
    /// <param name="home">The home folder, with its signatures.</param>
    /// <param name="folder">A folder in the working tree whose notes are read.</param>
    /// <param name="given">Heads such as 12:0a1b..., as <c>ledger head</c> prints them.</param>
    /// <exception cref="InputException">A head is none, or a report cannot be read or pins nothing.</exception>
    public static IReadOnlyList<KnownHead> Gather(
        HomeFolder home,
        string folder,
        IEnumerable<string> given,
        IEnumerable<string> reports
    ) =>
        [
            .. given
                .Select(KnownHead.Parse)
                .Concat(reports.SelectMany(InReport))
                .Concat(InNotes(folder))
                .Concat(HeadSignature.Statements(home))
                .Distinct(),
        ];

    /// <summary>The heads that a report pins.</summary>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="InputException">It cannot be read, or pins nothing.</exception>
    public static IReadOnlyList<KnownHead> InReport(string path)
    {
        string html;
        try
        {
            html = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(ProblemCodes.FileAccess, $"{path}: {e.Message.ReplaceLineEndings(" ")}");
        }

        IReadOnlyList<KnownHead> heads = KnownHead.InReport(html, path);
        return heads.Count > 0
            ? heads
            : throw new InputException(
                ProblemCodes.Head,
                $"{path}: pins no ledger; name a report written by 'dotnet breakhis report'"
            );
    }

    /// <summary>The heads in a repository's notes; none where there is no repository.</summary>
    /// <param name="folder">A folder in its working tree.</param>
    public static IReadOnlyList<KnownHead> InNotes(string folder)
    {
        try
        {
            if (Repository.Discover(folder) is not string found)
            {
                return [];
            }

            using var repository = new Repository(found);
            return
            [
                .. repository
                    .Notes[Notes]
                    .SelectMany(note =>
                        KnownHead.InText(note.Message, $"the git note on {ShortHash.OfCommit(note.TargetObjectId.Sha)}")
                    )
                    .Select(head => head with { IsGiven = false }),
            ];
        }
        catch (NotFoundException)
        {
            // There are no notes of ours.
            return [];
        }
        catch (LibGit2SharpException e)
        {
            throw new InputException(
                ProblemCodes.Head,
                $"the git notes cannot be read: {e.Message.ReplaceLineEndings(" ").Trim()}",
                e
            );
        }
    }

    /// <summary>Writes a head to the note on HEAD, beside what stands there.</summary>
    /// <param name="folder">A folder in the working tree.</param>
    /// <param name="signature">An armoured signature of the statement, or null.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="InputException">There is no commit to write to, or git does not know who writes.</exception>
    public static string WriteNote(string folder, KnownHead head, DateTimeOffset now, string? signature)
    {
        ArgumentNullException.ThrowIfNull(head);
        try
        {
            using var repository = new Repository(
                Repository.Discover(folder)
                    ?? throw new InputException(
                        ProblemCodes.Head,
                        "there is no git repository here for the note; print the head with 'dotnet breakhis ledger head' and keep it elsewhere"
                    )
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
            string line = $"{head.Statement} {LedgerText.Time(now)}\n{signature}";
            repository.Notes.Add(tip.Id, before is null ? line : $"{before.TrimEnd('\n')}\n{line}", who, who, Notes);
            return tip.Sha;
        }
        catch (LibGit2SharpException e)
        {
            throw new InputException(
                ProblemCodes.Head,
                $"the git note cannot be written: {e.Message.ReplaceLineEndings(" ").Trim()}",
                e
            );
        }
    }
}
