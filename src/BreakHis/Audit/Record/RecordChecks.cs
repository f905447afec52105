using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>The first level of an audit: checks that the record is complete and consistent.</summary>
internal static class RecordChecks
{
    /// <summary>Checks the ledger, what is published about it, and some of its runs.</summary>
    /// <param name="files">The record files before the ledger was opened.</param>
    /// <param name="known">Heads from outside the ledger, and why those in git notes cannot be read, or null.</param>
    /// <param name="signers">The file of SSH keys that may sign heads, or null.</param>
    /// <param name="runs">The runs; null for all.</param>
    /// <returns>The checks of the ledger, followed by those of each run.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static IReadOnlyList<AuditEntry> Of(
        LedgerDatabase ledger,
        RecordFiles files,
        (IReadOnlyList<KnownHead> Heads, string? NotesUnread) known,
        string? signers,
        IReadOnlyCollection<string>? runs
    )
    {
        IReadOnlyList<AuditEntry> checks = Of(ledger, files, known.Heads, runs);
        return
        [
            .. checks.Where(check => check.Run is null),
            .. HeadCheck.Notes(known.NotesUnread),
            .. SignatureCheck.Of(ledger.Home, signers),
            .. SignatureCheck.OfNotes(known.Heads, ledger.Head().Id),
            .. checks.Where(check => check.Run is not null),
        ];
    }

    /// <summary>Checks the ledger's chain and some of its runs.</summary>
    /// <param name="files">The record files before the ledger was opened.</param>
    /// <param name="known">Heads from outside the ledger.</param>
    /// <param name="runs">The runs; null for all.</param>
    /// <returns>The checks of the ledger, followed by those of each run.</returns>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static IReadOnlyList<AuditEntry> Of(
        LedgerDatabase ledger,
        RecordFiles files,
        IReadOnlyCollection<KnownHead> known,
        IReadOnlyCollection<string>? runs
    ) => SqliteFaults.Translated(ledger.Path, () => Checks(ledger, files, known, runs));

    private static List<AuditEntry> Checks(
        LedgerDatabase ledger,
        RecordFiles files,
        IReadOnlyCollection<KnownHead> known,
        IReadOnlyCollection<string>? runs
    )
    {
        SqliteConnection connection = ledger.Connection;
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        List<RecordEntry> records = RecordChain.All(connection);
        ILookup<string, RecordEntry> recordsOf = records.ToLookup(entry => entry.Run, StringComparer.Ordinal);
        List<AuditEntry> checks =
        [
            .. SchemaCheck.Of(connection),
            .. LedgerChainCheck.Of(connection, records),
            .. RunFoldersCheck.Of(ledger, files),
            .. ImportsCheck.Of(connection),
            .. HeadCheck.Of(connection, known),
            .. QuarantineCheck.Of(ledger),
        ];
        IEnumerable<string> chains = runs ?? recordsOf.Select(run => run.Key).Where(run => run != LedgerNote.Ledger);
        foreach (string chain in chains.Prepend(LedgerNote.Ledger))
        {
            checks.AddRange(Chain(ledger, chain, [.. recordsOf[chain].OrderBy(entry => entry.Record)], files));
        }

        return checks;
    }

    private static IEnumerable<AuditEntry> Chain(
        LedgerDatabase ledger,
        string chain,
        RecordEntry[] records,
        RecordFiles files
    )
    {
        string? run = chain == LedgerNote.Ledger ? null : chain;
        if (run is not null && ChainCheck.OfId(run) is [_, ..] invalid)
        {
            return invalid;
        }

        string path = RecordFile.PathOf(ledger.Home, chain);
        RecordFileLines file = RecordFileCheck.Lines(path, files, records.Length);
        return
        [
            .. ChainCheck.Of(chain, records, RecordRows.Of(ledger.Connection, chain), file.Lines ?? []),
            .. RecordFileCheck.Of(run, path, file, records),
            .. run is null ? [] : RunRecordChecks.Of(ledger.Connection, run),
        ];
    }
}
