using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>
/// Refuses a ledger that has less than its home folder: it was deleted, or an older copy of it was put back. New runs
/// would take the numbers of the lost ones.
/// </summary>
internal static class LostRecords
{
    /// <summary>Refuses to begin a ledger beside the records of a deleted one.</summary>
    /// <param name="path">The ledger's file.</param>
    /// <exception cref="LedgerException">The file is missing or empty, but the folder has records.</exception>
    public static void RequireLedger(string path)
    {
        var home = new HomeFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        RequireNoLog(path);
        if (File.Exists(home.LedgerRecords) && new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            throw Lost(home);
        }
    }

    /// <summary>Refuses to begin a ledger beside the log of a deleted one: SQLite would take the log for its own.</summary>
    private static void RequireNoLog(string path)
    {
        string log = path + LedgerFiles.Log;
        if (File.Exists(log) && !File.Exists(path))
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{path} is missing, but its log {log} is there; put the ledger back, rebuild it with 'dotnet breakhis ledger rebuild', or move the log away to start a new ledger"
            );
        }
    }

    /// <summary>Refuses a ledger without records beside the records of another.</summary>
    /// <param name="records">How many the ledger has.</param>
    /// <exception cref="LedgerException">It has none, but the folder has.</exception>
    public static void RequireRecords(HomeFolder home, long records)
    {
        if (records == 0 && File.Exists(home.LedgerRecords))
        {
            throw Lost(home);
        }
    }

    /// <summary>Refuses a ledger if record files, run folders or signatures know more.</summary>
    /// <param name="path">The ledger's file.</param>
    /// <exception cref="LedgerException">One of them does.</exception>
    public static void RequireNone(HomeFolder home, string path, SqliteConnection connection)
    {
        if (RecordsAhead.Of(home, connection).FirstOrDefault() is string ahead)
        {
            throw new LedgerException(LedgerFault.Refused, RecordsAhead.Message(ahead, path));
        }

        if (SignedAhead.Of(home, connection).FirstOrDefault() is string signature)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{signature} pins a record that {path} does not have: an older copy of the home folder was put back, or records were lost; put the newer copy back, or move the signature away if you accept the loss"
            );
        }
    }

    private static LedgerException Lost(HomeFolder home) =>
        new(
            LedgerFault.Refused,
            $"{home.Runs} contains the records of a missing ledger; rebuild it with 'dotnet breakhis ledger rebuild', or move that folder away to start a new ledger"
        );
}
