using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

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
            .. CheckResult
                .Of(
                    [
                        .. ChainCheck.Heads(records),
                        .. ChainCheck.Numbers(connection),
                        .. ChainCheck.Unrecorded(connection),
                    ],
                    Invariant($"each of {Plural.Of(records.Count, "record")} follows from the previous one")
                )
                .As(AuditLevel.Record, "ledger chain", null),
            .. CheckResult
                .Of(
                    [
                        .. RecordsAhead
                            .FoldersWithoutRun(files.Folders, connection)
                            .Select(folder => RecordsAhead.Message(folder, ledger.Path)),
                    ],
                    "every run folder belongs to a run of the ledger"
                )
                .As(AuditLevel.Record, "run folders", null),
            .. ImportsCheck.Of(connection),
            .. HeadCheck.Of(connection, known),
            .. RunRecordChecks.Quarantined(
                RunReader.Quarantined(connection, new Quarantine(ledger.Home.Quarantine).Ids())
            ),
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
        if (run is not null && !HexName.Is(run, RunFolder.IdDigits))
        {
            return
            [
                CheckResult
                    .Fail("its name is not the ID of a run: the records were made by hand")
                    .As(AuditLevel.Record, "chain", run),
            ];
        }

        string path = RecordFile.PathOf(ledger.Home, chain);
        RecordFileLines file = RecordFileCheck.Lines(path, files, records.Length);
        List<RecordRow> rows = RecordRows.Of(ledger.Connection, chain);
        return
        [
            .. CheckResult
                .Of(
                    ChainCheck.Rows(chain, records, rows, file.Lines ?? []),
                    Invariant(
                        $"{Plural.Of(rows.Count, "row matches", "rows match")} the hashes of {Plural.Of(records.Length, "record")}"
                    )
                )
                .As(AuditLevel.Record, "chain", run),
            .. RecordFileCheck.Of(run, path, file, records),
            .. run is null ? [] : RunRecordChecks.Of(ledger.Connection, run),
        ];
    }
}
