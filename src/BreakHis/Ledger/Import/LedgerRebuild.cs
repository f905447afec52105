using System.Globalization;
using BreakHis.Files;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Import;

/// <summary>The result of rebuilding a ledger.</summary>
/// <param name="Records">How many records it has; with gaps, fewer than the number of the last one.</param>
/// <param name="Missing">What was missing, and which signatures are of it, one line each.</param>
/// <param name="Added">The runs that the previous ledger did not have; none if it could not be read.</param>
/// <param name="KeptAside">The new path of the previous ledger; null if there was none.</param>
internal sealed record RebuiltLedger(
    string Path,
    int Runs,
    int Records,
    LedgerHead Head,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Added,
    string? KeptAside
);

/// <summary>Rebuilds the ledger from the record files in the run folders.</summary>
internal static class LedgerRebuild
{
    /// <summary>
    /// Rebuilds a ledger in which each record has its original position, hash and head. Positions without a record file
    /// stay empty, and later records keep their heads, so reports that pin them stay valid.
    /// </summary>
    /// <param name="to">The file to create, which must not exist; null for the home folder's ledger.</param>
    /// <param name="now">The current time, used to rename the previous ledger.</param>
    /// <exception cref="LedgerException">A file differs from what was written, or the previous ledger contains more
    /// than the files.</exception>
    public static RebuiltLedger Make(HomeFolder home, string? to, DateTimeOffset now)
    {
        string path = System.IO.Path.GetFullPath(to ?? home.Ledger);
        if (to is not null && LedgerFiles.Of(path).FirstOrDefault() is string existing)
        {
            throw new LedgerException(LedgerFault.Refused, $"{existing}: already exists; name a new file");
        }

        // Keeps other processes from the ledger until the exchange is done.
        using FileLock? alone = to is null ? LedgerLock.Alone(path) : null;
        if (to is null)
        {
            DeleteUnfinished(path);
        }

        bool isUsable = File.Exists(path) && CaughtUp(path);
        IReadOnlyList<SourceChain> chains = RecordSource.In(home.Path);
        if (chains.Count == 0)
        {
            throw new LedgerException(LedgerFault.Missing, $"{home.Runs}: no run folder has a record file");
        }

        string unfinished = $"{path}.{Guid.NewGuid():N}{AtomicFile.Unfinished}";
        try
        {
            RebuiltLedger made = Written(home, unfinished, chains);
            string[] added = isUsable ? Close(path, unfinished) : [];

            // Before it is in its place: if this process is killed then, it is adopted, or rebuilt again.
            string[] unknown = [.. to is null ? OfUnknownOrigin(made) : []];
            string? aside = SetAside(path, now);
            SqliteFaults.Translated(path, () => File.Move(unfinished, path));
            AtomicFile.FlushFolder(System.IO.Path.GetDirectoryName(path)!);
            RequireHead(path, made.Head);
            return made with { Path = path, KeptAside = aside, Added = added, Missing = [.. made.Missing, .. unknown] };
        }
        finally
        {
            foreach (string file in LedgerFiles.Of(unfinished))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>
    /// Missing records may have said that runs were imported. So that these do not become the account's own, the ledger
    /// is taken off the list of its own ledgers.
    /// </summary>
    private static IEnumerable<string> OfUnknownOrigin(RebuiltLedger made)
    {
        if (made.Records == made.Head.Records || made.Head.Id is not string id || !OwnLedgers.OfAccount.Has(id))
        {
            yield break;
        }

        OwnLedgers.OfAccount.Remove(id);
        yield return $"the missing records may have said that runs were imported, so all runs count as not made here; 'dotnet breakhis ledger adopt {id}' makes them yours";
    }

    /// <summary>Deletes what rebuilds that were killed left behind. Call it with the lock of the ledger.</summary>
    private static void DeleteUnfinished(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(path)!;
        string name = System.IO.Path.GetFileName(path) + ".";
        foreach (string file in Directory.EnumerateFiles(folder, $"{name}*{AtomicFile.Unfinished}*"))
        {
            // Only names that a rebuild gives: a file of the user's may be called ledger.db.backup.tmp.
            string[] parts = System.IO.Path.GetFileName(file)[name.Length..].Split('.', 2);
            if (Guid.TryParseExact(parts[0], "N", out _))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>What SQLite reads at the final path must be what was written.</summary>
    private static void RequireHead(string path, LedgerHead expected)
    {
        using var made = LedgerDatabase.OpenForReading(path);
        if (made.Head() != expected)
        {
            throw new LedgerException(
                LedgerFault.Changed,
                $"{path} changed while it was being rebuilt; rebuild it again"
            );
        }
    }

    /// <summary>
    /// Appends missing lines to the record files. A ledger that cannot be opened has no records to lose; nor has one whose
    /// tables are not the tool's, which is kept aside.
    /// </summary>
    private static bool CaughtUp(string path)
    {
        try
        {
            using var ledger = LedgerDatabase.Open(path, LedgerDatabase.Patience, anySchema: true);
            foreach (
                string chain in RecordChain
                    .Names(ledger.Connection)
                    .Where(chain => chain == LedgerNote.Ledger || HexName.Is(chain, RunFolder.IdDigits))
            )
            {
                try
                {
                    ledger.CatchUp(chain);
                }
                catch (LedgerException e) when (e.Fault is LedgerFault.Refused or LedgerFault.Damaged)
                {
                    // The file has records that the ledger does not have, or rows were edited. A rebuild repairs
                    // exactly that.
                    continue;
                }
            }

            return true;
        }
        catch (LedgerException e) when (e.Fault is LedgerFault.Damaged or LedgerFault.NotALedger or LedgerFault.Changed)
        {
            return false;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static RebuiltLedger Written(HomeFolder home, string path, IReadOnlyList<SourceChain> chains)
    {
        List<string> missing = [];
        IReadOnlyList<SourceRecord> records = RecordSource.InOrder(
            chains,
            (from, to) =>
                missing.Add(
                    from == to
                        ? Invariant($"record number {from} is in no record file")
                        : Invariant($"record numbers {from} to {to} are in no record file")
                )
        );
        using var ledger = LedgerDatabase.Open(path, LedgerDatabase.Patience);
        SqliteFaults.Translated(path, () => Insert(ledger.Connection, records));
        int runs = chains.Count(chain => chain.Chain != LedgerNote.Ledger);
        missing.AddRange(
            SignedAhead
                .Of(home, ledger.Connection)
                .Select(signature => $"{signature} pins a record that the rebuilt ledger does not have")
        );
        return new RebuiltLedger(path, runs, records.Count, ledger.Head(), missing, [], null);
    }

    private static void Insert(SqliteConnection connection, IReadOnlyList<SourceRecord> records)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        connection.Execute("PRAGMA defer_foreign_keys = ON");
        foreach (SourceRecord record in records)
        {
            string marks = record.Content().Insert(connection);
            RecordChain.Write(
                connection,
                new RecordEntry(record.Number, record.Run, record.Record, record.Kind, record.Hash, record.Head, marks)
            );
        }

        transaction.Commit();
    }

    /// <summary>Closes the previous ledger before it is replaced, and returns the runs that only the rebuilt one has.</summary>
    /// <exception cref="LedgerException">Another process has it open, or it has records that the rebuilt one does not
    /// have.</exception>
    private static string[] Close(string path, string rebuilt)
    {
        HashSet<(long, string)> heads;
        string[] runs;
        using (var after = LedgerDatabase.OpenForReading(rebuilt))
        {
            runs = [.. RecordChain.Names(after.Connection)];
            heads = [.. RecordChain.All(after.Connection).Select(entry => (entry.Number, entry.Head))];
        }

        // This removes the log next to the file, and fails while another process has it open.
        using var before = LedgerDatabase.Open(path, TimeSpan.FromSeconds(1), anySchema: true);
        if (
            SqliteFaults.Translated(path, () => before.Connection.Scalar<string>("PRAGMA journal_mode = DELETE"))
            != "delete"
        )
        {
            throw LedgerLock.InUse(path);
        }

        RecordEntry[] lost =
        [
            .. SqliteFaults
                .Translated(path, () => RecordChain.All(before.Connection))
                .Where(entry => !heads.Contains((entry.Number, entry.Head))),
        ];
        if (lost.Length > 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                Invariant(
                    $"{path} has {Plural.Of(lost.Length, "record")} missing from the run folders (the first: number {lost[0].Number}, of run {lost[0].Run}), which would be lost; write to another file with --to FILE"
                )
            );
        }

        return
        [
            .. runs.Except(
                SqliteFaults.Translated(path, () => RecordChain.Names(before.Connection).ToArray()),
                StringComparer.Ordinal
            ),
        ];
    }

    /// <summary>Renames the previous ledger and its log, also a log without its ledger.</summary>
    private static string? SetAside(string path, DateTimeOffset now)
    {
        // The log first: a ledger without its log is older, and is recognised as such; a log would be taken for that of
        // the next ledger.
        string[] files = [.. LedgerFiles.Of(path).Reverse()];
        if (files.Length == 0)
        {
            return null;
        }

        string aside = Unused(path, now);
        SqliteFaults.Translated(path, () => Array.ForEach(files, file => File.Move(file, aside + file[path.Length..])));
        return aside;
    }

    private static string Unused(string path, DateTimeOffset now)
    {
        string stamp = now.ToUniversalTime().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return Enumerable
            .Range(1, int.MaxValue)
            .Select(n => System.IO.Path.ChangeExtension(path, n == 1 ? $".{stamp}.db" : Invariant($".{stamp}-{n}.db")))
            .First(aside => !LedgerFiles.Of(aside).Any());
    }
}
