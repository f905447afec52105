using BreakHis.Files;
using BreakHis.Runs;

namespace BreakHis.Ledger;

/// <summary>The lock of a ledger: processes that write to it share the lock, and one that replaces it has it alone.</summary>
internal static class LedgerLock
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes the lock together with others. Waits while a process replaces the ledger.</summary>
    /// <param name="path">The ledger's file, absolute.</param>
    /// <exception cref="LedgerException">The home folder has links, or the wait was too long.</exception>
    public static FileLock Shared(string path)
    {
        HomeFolder home = Checked(path);
        DateTime giveUp = DateTime.UtcNow + LedgerDatabase.Patience;
        FileLock? shared;
        while ((shared = SqliteFaults.Translated(path, () => FileLock.TryShare(home.LedgerLock))) is null)
        {
            if (DateTime.UtcNow > giveUp)
            {
                throw new LedgerException(
                    LedgerFault.Locked,
                    $"{path} is being rebuilt by another process; try again when that process has ended"
                );
            }

            Thread.Sleep(Between);
        }

        return shared;
    }

    /// <summary>Takes the lock alone.</summary>
    /// <param name="path">The ledger's file, absolute.</param>
    /// <exception cref="LedgerException">The home folder has links, or another process has the ledger open.</exception>
    public static FileLock Alone(string path)
    {
        HomeFolder home = Checked(path);
        return SqliteFaults.Translated(path, () => FileLock.TryTake(home.LedgerLock)) ?? throw InUse(path);
    }

    /// <summary>Says that another process has a ledger open.</summary>
    public static LedgerException InUse(string path) =>
        new(LedgerFault.Locked, $"{path} is open in another process; try again when that process has ended");

    private static HomeFolder Checked(string path)
    {
        var home = new HomeFolder(Path.GetDirectoryName(path)!);
        SqliteFaults.Translated(path, home.RequireNoLinks);
        return home;
    }
}
