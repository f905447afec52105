using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>Translates SQLite's errors into one line that says what to do.</summary>
internal static class SqliteFaults
{
    public static void Translated(string path, Action work) =>
        Translated(
            path,
            () =>
            {
                work();
                return true;
            }
        );

    /// <summary>Runs a function and translates its errors.</summary>
    /// <exception cref="LedgerException">SQLite or the file system reported an error.</exception>
    public static T Translated<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            (LedgerFault fault, string message) = Explain(path, e);
            throw new LedgerException(fault, message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(LedgerFault.Denied, $"{path}: {OneLine.Of(e.Message)}", e);
        }
    }

    /// <summary>SQLite's code for rows that contradict the schema.</summary>
    public const int Constraint = 19;

    // Codes: https://sqlite.org/rescode.html
    private static (LedgerFault Fault, string Message) Explain(string path, SqliteException e) =>
        e.SqliteErrorCode switch
        {
            5 or 6 => (
                LedgerFault.Locked,
                $"{path} is locked by another process; try again when that process has ended"
            ),
            8 or 3 or 23 => (LedgerFault.Denied, $"{path} cannot be written; make the file and its folder writable"),
            // If there is no space for a -wal file, SQLite reports that the file cannot be opened.
            10 or 14 when HasNoSpace(path) => Full(path),
            10 => (
                LedgerFault.DiskError,
                $"{path}: the disk reported an error ({e.SqliteExtendedErrorCode}); check disk and space"
            ),
            11 => (
                LedgerFault.Damaged,
                $"{path} is damaged; restore a backup of it and its -wal file, or rebuild it with 'dotnet breakhis ledger rebuild'"
            ),
            13 => Full(path),
            14 => (
                LedgerFault.Denied,
                $"{path} cannot be opened; the file and its folder must be readable, and the folder writable if it has a -wal file"
            ),
            Constraint => (LedgerFault.Refused, $"{path} rejected a record: {OneLine.Of(e.Message)}"),
            26 => (LedgerFault.NotALedger, $"{path} is not a ledger (no SQLite database); name another file"),
            _ => (LedgerFault.Damaged, $"{path}: {OneLine.Of(e.Message)}"),
        };

    private static (LedgerFault Fault, string Message) Full(string path) =>
        (LedgerFault.DiskFull, $"{path}: the disk is full; free some space (nothing was left half-written)");

    private static bool HasNoSpace(string path)
    {
        const int OnUnix = 28;
        const int OnWindows = 112;
        // A new file, so that nothing is overwritten that a link leads to.
        string probe = $"{path}.{Guid.NewGuid():N}.space";
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew);
            file.Write(new byte[4096]);
            return false;
        }
        catch (IOException e)
        {
            return (e.HResult & 0xFFFF) is OnUnix or OnWindows;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        finally
        {
            File.Delete(probe);
        }
    }
}
