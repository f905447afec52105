using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Runs;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary>What <c>ledger anchor</c> and <c>ledger sign</c> publish.</summary>
internal static class PublishedHead
{
    // A note should stay short; earlier runs are in earlier notes.
    private const int PinnedRuns = 20;

    /// <summary>Returns the head to publish, and the last runs that were made in the ledger.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read or has no records.</exception>
    public static (KnownHead Head, IReadOnlyList<KnownHead> Runs) Of(HomeFolder home)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        LedgerHead head = ledger.Head();
        return head.Records > 0
            ? (KnownHead.Of(head, "the ledger"), ledger.LastMadeHere(PinnedRuns))
            : throw new LedgerException(LedgerFault.Missing, $"{home.Ledger} has no records yet");
    }
}
