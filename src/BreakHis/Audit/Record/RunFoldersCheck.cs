using BreakHis.Ledger;
using BreakHis.Ledger.Chain;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the ledger has the runs of all run folders.</summary>
internal static class RunFoldersCheck
{
    /// <summary>Returns the check.</summary>
    /// <param name="files">The record files before the ledger was opened.</param>
    public static IEnumerable<AuditEntry> Of(LedgerDatabase ledger, RecordFiles files) =>
        CheckResult
            .Of(
                RecordsAhead
                    .FoldersWithoutRun(files.Folders, ledger.Connection)
                    .Select(folder => RecordsAhead.Message(folder, ledger.Path)),
                "every run folder belongs to a run of the ledger"
            )
            .As(AuditLevel.Record, "run folders", null);
}
