using BreakHis.Files;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>
/// Record files that have more than the ledger: an older copy of the ledger was put back, or its end was cut off.
/// </summary>
internal static class RecordsAhead
{
    /// <summary>
    /// Returns the record files whose last line the ledger does not have, and the run folders that have no record file and
    /// whose run the ledger does not have.
    /// </summary>
    public static IEnumerable<string> Of(HomeFolder home, SqliteConnection connection)
    {
        string[] folders = [.. RunFolders(home)];
        return folders
            .Select(folder => (File: Path.Combine(folder, RunFolder.Records), Chain: RunId(folder)))
            .Append((File: home.LedgerRecords, Chain: LedgerNote.Ledger))
            .Where(file => RecordFile.LastHash(file.File) is string hash && !Has(connection, file.Chain, hash))
            .Select(file => file.File)
            .Concat(
                FoldersWithoutRun(folders, connection)
                    .Where(folder => !Path.Exists(Path.Combine(folder, RunFolder.Records)))
            );
    }

    /// <summary>Returns what is wrong with such a file or folder, and how to repair it.</summary>
    /// <param name="path">The record file, or the run folder.</param>
    /// <param name="ledger">The ledger's file.</param>
    public static string Message(string path, string ledger) =>
        Directory.Exists(path) && !Path.Exists(Path.Combine(path, RunFolder.Records))
            ? $"{path} belongs to no run of {ledger}, and its record is lost: an older copy of the ledger was put back, or its end was cut off; move the folder away"
        : RecordFile.LastHash(path) is ""
            ? $"{path} ends with a line that is not a record, which may hide records that {ledger} does not have; remove what comes after the last record"
        : $"{path} has records that {ledger} does not have: an older copy of the ledger was put back, or its end was cut off; if the run is yours, repair the ledger with 'dotnet breakhis ledger rebuild', otherwise move its folder away";

    /// <summary>Returns those run folders whose runs the ledger does not have.</summary>
    public static IEnumerable<string> FoldersWithoutRun(IEnumerable<string> folders, SqliteConnection connection)
    {
        var runs = new HashSet<string>(RecordChain.Names(connection), StringComparer.Ordinal);
        // Other programs make folders of their own, such as .ipynb_checkpoints.
        return folders.Where(folder => HexName.Is(RunId(folder), RunFolder.IdDigits) && !runs.Contains(RunId(folder)));
    }

    /// <summary>Returns the run folders, in ordinal order.</summary>
    public static IEnumerable<string> RunFolders(HomeFolder home) =>
        Directory.Exists(home.Runs) ? Directory.EnumerateDirectories(home.Runs).Order(StringComparer.Ordinal) : [];

    private static string RunId(string folder) => Path.GetFileName(folder);

    // Read after the file: a record is in the ledger before its line is in the file.
    private static bool Has(SqliteConnection connection, string chain, string hash) =>
        connection.Scalar<long>("SELECT count(*) FROM records WHERE run_id = $1 AND hash = $2", chain, hash) > 0;
}
