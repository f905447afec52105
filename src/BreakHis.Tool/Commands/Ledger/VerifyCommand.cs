using System.CommandLine;
using BreakHis.Audit;
using BreakHis.Audit.Output;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger verify</c>: checks the ledger and its known heads.</summary>
internal static class VerifyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var heads = new KnownHeadOptions();
        var command = new Command(
            "verify",
            """
            Check the ledger and its known heads.
            Checks that no record was edited, deleted, moved or inserted, and that the ledger still matches the heads pinned
            by reports, git notes (refs/notes/breakhis) and signatures. Exits with 1 if a check fails.

            Examples:
              dotnet breakhis ledger verify
              dotnet breakhis ledger verify --report reports/quickstart.html
            """
        );
        heads.AddTo(command);
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            (IReadOnlyList<KnownHead> Heads, string? NotesUnread) known = heads.Known(parsed, home);
            var files = RecordFiles.Of(home);
            using var ledger = LedgerDatabase.OpenForAudit(home.Ledger);
            return Print(RecordLevel.Of(heads, parsed, ledger, files, known, null));
        });
        return command;
    }

    private static int Print(IReadOnlyList<AuditEntry> checks)
    {
        var summary = AuditSummary.Of(checks);
        StandardStreams.Out.WriteLine(AuditText.Line(summary));
        foreach (string line in AuditText.NotPassed(summary))
        {
            StandardStreams.Out.WriteLine(line);
        }

        StandardStreams.Out.WriteLine();
        StandardStreams.Out.WriteLine("compared:");
        foreach (string line in AuditText.Compared(summary))
        {
            StandardStreams.Out.WriteLine(line);
        }

        return summary.Failed == 0 ? 0 : Failure.Found;
    }
}
