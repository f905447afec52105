using System.CommandLine;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands;

/// <summary>The first level of an audit, with the heads and reports of the command line.</summary>
internal static class RecordLevel
{
    /// <summary>Checks the reports, and the record: first the ledger's, then that of each run.</summary>
    /// <param name="files">The record files before the ledger was opened.</param>
    /// <param name="known">The known heads, and why those in git notes cannot be read, or null.</param>
    /// <param name="runs">The runs; null for all.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static IReadOnlyList<AuditEntry> Of(
        KnownHeadOptions options,
        ParseResult parsed,
        LedgerDatabase ledger,
        RecordFiles files,
        (IReadOnlyList<KnownHead> Heads, string? NotesUnread) known,
        IReadOnlyCollection<string>? runs
    )
    {
        if (known.Heads.Count == 0 && KnownHeads.FetchCommand(Directory.GetCurrentDirectory()) is string fetch)
        {
            StandardStreams.Error.WriteLine(
                $"note: no published head was found here; if the remote has git notes, fetch them: {fetch}"
            );
        }

        return
        [
            .. options.Reports(parsed).SelectMany(path => PageCheck.Of(ledger, path)),
            .. RecordChecks.Of(ledger, files, known, options.Signers(parsed), runs),
        ];
    }
}
