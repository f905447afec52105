using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>
/// Record files that have more than the ledger: an older copy of the ledger was put back, or its end was cut off.
/// </summary>
internal static class RecordsAhead
{
    /// <summary>Returns the record files whose last record the ledger does not have.</summary>
    public static IEnumerable<string> Of(HomeFolder home, SqliteConnection connection) =>
        RunFolders(home)
            .Select(RunId)
            .Append(LedgerNote.Ledger)
            .Where(chain =>
                RecordFile.LastHash(RecordFile.PathOf(home, chain)) is string hash && !Has(connection, chain, hash)
            )
            .Select(chain => RecordFile.PathOf(home, chain));

    /// <summary>Returns those run folders whose runs the ledger does not have.</summary>
    public static IEnumerable<string> FoldersWithoutRun(IEnumerable<string> folders, SqliteConnection connection)
    {
        HashSet<string> runs = new(RecordChain.Names(connection), StringComparer.Ordinal);
        return folders.Where(folder => !runs.Contains(RunId(folder)));
    }

    /// <summary>Returns the run folders, in ordinal order.</summary>
    public static IEnumerable<string> RunFolders(HomeFolder home) =>
        Directory.Exists(home.Runs) ? Directory.EnumerateDirectories(home.Runs).Order(StringComparer.Ordinal) : [];

    private static string RunId(string folder) => Path.GetFileName(folder);

    // Read after the file: a record is in the ledger before its line is in the file. A file that does not end with a
    // record says nothing about a run that the ledger has.
    private static bool Has(SqliteConnection connection, string chain, string hash) =>
        connection.Scalar<long>(
            "SELECT count(*) FROM records WHERE run_id = $1 AND ($2 = '' OR hash = $2)",
            chain,
            hash
        ) > 0;
}
