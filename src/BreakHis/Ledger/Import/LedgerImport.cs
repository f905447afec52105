using BreakHis.Files;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Specs.Problems;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Import;

/// <summary>
/// Imports runs from a different ledger. A run keeps its chain, byte for byte. The ledger chains the records into its
/// own chain and adds a record of the import's origin.
/// </summary>
internal static class LedgerImport
{
    /// <summary>
    /// Imports all runs of a folder, or none. Everything is checked before anything of the home folder changes.
    /// </summary>
    /// <param name="ledger">The ledger to import into.</param>
    /// <param name="folder">A home folder, its runs folder, or a single run's folder.</param>
    /// <param name="faults">Returns what is wrong with a run in a database that has its records.</param>
    /// <param name="onlyCheck">Whether to stop before anything changes.</param>
    /// <param name="limits">The limits of record files; null for those of this tool.</param>
    /// <exception cref="InputException">The folder has no runs.</exception>
    /// <exception cref="LedgerException">A run differs from what was written, or contradicts one in the
    /// ledger.</exception>
    public static ImportedRuns From(
        LedgerDatabase ledger,
        string folder,
        DateTimeOffset now,
        Func<SqliteConnection, string, IEnumerable<string>>? faults = null,
        bool onlyCheck = false,
        RecordLimits? limits = null
    )
    {
        if (FolderPath.Fault(folder) is string reason)
        {
            throw new InputException(ProblemCodes.NothingToImport, $"{folder}: {reason}");
        }

        IReadOnlyList<SourceChain> chains = RecordSource.In(Path.GetFullPath(folder), limits);
        SourceChain[] runs = [.. chains.Where(chain => chain.Chain != LedgerNote.Ledger)];
        if (runs.Length == 0)
        {
            throw new InputException(
                ProblemCodes.NothingToImport,
                $"{folder}: contains no run with a record file; name a home folder, its runs folder or the folder of one run"
            );
        }

        (limits ?? RecordLimits.Default).RequireNotes(folder, chains.Except(runs).Sum(own => own.Bytes));
        ledger.RequireOwnRecords();
        StagedFiles.Complete(ledger);
        (LedgerHead Head, string Order)? source = HeadOf(chains);

        // Compare first, so that nothing is copied for an import that fails; compare again once no other process can
        // write.
        SourceChain[] wanted =
        [
            .. SqliteFaults.Translated(
                ledger.Path,
                () => runs.Where(run => New(ledger.Connection, ledger.Path, run).Any()).ToArray()
            ),
        ];
        using var staged = StagedFiles.In(ledger.Home);
        Stage(ledger, wanted, staged, faults ?? ((_, _) => []));
        ImportedRuns imported = SqliteFaults.Translated(
            ledger.Path,
            () => Insert(ledger, folder, chains, runs, source, now, onlyCheck)
        );
        if (!onlyCheck)
        {
            staged.Publish();
            WriteRecordFiles(ledger, imported);
        }

        return imported;
    }

    /// <summary>Checks the records in a database of their own, and copies the files that they name.</summary>
    private static void Stage(
        LedgerDatabase ledger,
        SourceChain[] runs,
        StagedFiles staged,
        Func<SqliteConnection, string, IEnumerable<string>> faults
    )
    {
        (SqliteConnection opened, _) = LedgerConnection.ForWriting(staged.Scratch, LedgerDatabase.Patience, false);
        using SqliteConnection scratch = opened;
        scratch.Execute("PRAGMA synchronous = OFF");
        foreach (SourceChain run in runs)
        {
            WriteWhole(scratch, run);
            if ((faults(scratch, run.Chain).FirstOrDefault() ?? Unreadable(scratch, run.Chain)) is string fault)
            {
                throw new LedgerException(
                    LedgerFault.Refused,
                    $"{run.Folder}: {OneLine.Of(fault)}; nothing was imported"
                );
            }

            // A folder that was copied into this home folder by hand is in its place.
            if (Path.GetFullPath(run.Folder) != Path.GetFullPath(ledger.Home.Run(run.Chain).Path))
            {
                staged.Take(run.Chain, run.Folder, RecordedFiles.Of(scratch, run.Chain));
            }
        }
    }

    private static void WriteWhole(SqliteConnection scratch, SourceChain run)
    {
        try
        {
            using SqliteTransaction transaction = scratch.BeginTransaction();
            scratch.Execute("PRAGMA defer_foreign_keys = ON");
            Write(scratch, RecordChain.Last(scratch), run.Records);
            transaction.Commit();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == SqliteFaults.Constraint)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{run.Folder}: its records contradict each other: {OneLine.Of(e.Message)}; nothing was imported",
                e
            );
        }
    }

    /// <summary>A run that cannot be loaded would stay so, because its records are never changed.</summary>
    private static string? Unreadable(SqliteConnection scratch, string run)
    {
        try
        {
            RunReader.Load(scratch, run);
            return null;
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return $"the run cannot be read: {e.Message}";
        }
    }

    private static void WriteRecordFiles(LedgerDatabase ledger, ImportedRuns imported)
    {
        // The record file of a folder that was in its place contains positions in a different ledger.
        foreach (string file in imported.Added.Select(run => RecordFile.PathOf(ledger.Home, run)).Where(File.Exists))
        {
            File.Delete(file);
        }

        // The ledger's own record first: it says that the runs were imported. Without it, they would count as made here.
        string[] changed = [.. imported.Added, .. imported.Extended];
        foreach (string chain in changed.Length > 0 ? [LedgerNote.Ledger, .. changed] : changed)
        {
            ledger.CatchUp(chain);
        }
    }

    /// <summary>Returns the head of the source ledger and the order of its records, if all of them are present.</summary>
    private static (LedgerHead Head, string Order)? HeadOf(IReadOnlyList<SourceChain> chains)
    {
        bool isWhole = true;
        IReadOnlyList<SourceRecord> records = RecordSource.InOrder(chains, (_, _) => isWhole = false);
        SourceChain? own = chains.FirstOrDefault(chain => chain.Chain == LedgerNote.Ledger);
        return isWhole && own is not null
            ? (
                new LedgerHead(own.Records[0].Content().NoteOf(LedgerNote.Id), records[^1].Number, records[^1].Head),
                SourceOrder.Of(records)
            )
            : null;
    }

    private static ImportedRuns Insert(
        LedgerDatabase ledger,
        string folder,
        IReadOnlyList<SourceChain> chains,
        SourceChain[] runs,
        (LedgerHead Head, string Order)? source,
        DateTimeOffset now,
        bool onlyCheck
    )
    {
        SqliteConnection connection = ledger.Connection;
        string? id = onlyCheck ? RecordChain.NewLedgerId() : ledger.IdIfNew();
        List<string> added = [];
        List<string> extended = [];
        List<string> unchanged = [];
        var parts = new Dictionary<string, SourceRecord[]>(StringComparer.Ordinal);
        using SqliteTransaction transaction = connection.BeginTransaction();
        connection.Execute("PRAGMA defer_foreign_keys = ON");
        RecordChain.BeginLedger(connection, id);
        foreach (SourceChain run in runs)
        {
            SourceRecord[] records = [.. New(connection, ledger.Path, run)];
            List<string> outcome =
                records.Length == 0 ? unchanged
                : records.Length == run.Records.Count ? added
                : extended;
            outcome.Add(run.Chain);
            parts[run.Chain] = records;
            if (!Array.TrueForAll(records, record => record.IsNote))
            {
                RunWriter.RequireIdle(connection, run.Chain);
            }
        }

        if (added.Count + extended.Count > 0)
        {
            // Before the runs' records: if it is lost, a rebuild finds the gap, and does not take the runs for one's own.
            RecordChain.WriteNote(
                connection,
                LedgerNote.Ledger,
                ImportNote.Kind,
                Entries(folder, chains, parts, source, now)
            );
            Write(connection, RecordChain.Last(connection), runs.SelectMany(run => parts[run.Chain]));
            if (!onlyCheck)
            {
                transaction.Commit();
            }
        }

        return new ImportedRuns(
            added,
            extended,
            unchanged,
            parts.ToDictionary(part => part.Key, part => Counted(part.Value), StringComparer.Ordinal),
            source?.Head
        );
    }

    private static NewRecords Counted(SourceRecord[] records) =>
        new(records.Length, [.. records.Where(record => record.IsNote).Select(record => record.Kind)]);

    private static IEnumerable<(string, string)> Entries(
        string folder,
        IReadOnlyList<SourceChain> chains,
        IReadOnlyDictionary<string, SourceRecord[]> parts,
        (LedgerHead Head, string Order)? source,
        DateTimeOffset now
    )
    {
        yield return (LedgerNote.At, LedgerText.Time(now));
        yield return (ImportNote.Source, folder);
        yield return (
            ImportNote.RunLines,
            string.Join(
                '\n',
                chains
                    .Where(chain => parts.GetValueOrDefault(chain.Chain) is { Length: > 0 })
                    .Select(chain =>
                        new ImportedRun(
                            chain.Chain,
                            chain.Records.Count,
                            chain.Records[^1].Hash,
                            parts[chain.Chain][0].Record
                        ).Line
                    )
            )
        );
        if (source is var (head, order))
        {
            yield return (LedgerNote.SourceId, head.Id ?? "");
            yield return (ImportNote.SourceRecords, Invariant($"{head.Records}"));
            yield return (ImportNote.SourceHead, head.Head);
            yield return (ImportNote.SourceOrder, order);
        }

        // The other ledger's own notes belong to no chain here. Keep a copy, so that they are not lost.
        if (chains.FirstOrDefault(chain => chain.Chain == LedgerNote.Ledger) is { } own)
        {
            yield return (
                ImportNote.SourceNotes,
                string.Join('\n', own.Records.Select(record => record.Text().ToString()))
            );
        }
    }

    /// <summary>Returns the records of a run that the ledger does not have.</summary>
    /// <exception cref="LedgerException">The ledger has different records in their place.</exception>
    private static IEnumerable<SourceRecord> New(SqliteConnection connection, string path, SourceChain run)
    {
        List<RecordEntry> present = RecordChain.Of(connection, run.Chain);
        foreach ((RecordEntry here, SourceRecord there) in present.Zip(run.Records))
        {
            if (here.Hash != there.Hash)
            {
                throw new LedgerException(
                    LedgerFault.Refused,
                    here.Record == 0
                        ? $"{there.Place}: {path} has a different run with the id {run.Chain}; nothing was imported"
                        : Invariant(
                            $"{there.Place}: run {run.Chain} differs in {path} from record {here.Record} ({here.Kind}) onwards; nothing was imported"
                        )
                );
            }
        }

        SourceRecord[] added = [.. run.Records.Skip(present.Count)];
        return IsFinished(connection, run.Chain) && Array.Find(added, record => !record.IsNote) is { } change
            ? throw new LedgerException(
                LedgerFault.Refused,
                $"{change.Place}: run {run.Chain} is finished in {path}, so only notes can follow; nothing was imported"
            )
            : added;
    }

    private static bool IsFinished(SqliteConnection connection, string run) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM run_states WHERE run_id = $1 AND state = $2",
            run,
            LedgerText.Word(RunState.Finished)
        ) > 0;

    private static void Write(SqliteConnection connection, RecordEntry? last, IEnumerable<SourceRecord> records)
    {
        foreach (SourceRecord record in records)
        {
            string marks = record.Content().Insert(connection);
            last = RecordChain.Write(connection, last, record.Run, record.Record, record.Kind, record.Hash, marks);
        }
    }
}
