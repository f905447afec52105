using BreakHis.Ledger.Chain;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Heads;

/// <summary>Signatures of the home folder that know more of its ledger than the ledger has.</summary>
internal static class SignedAhead
{
    /// <summary>Returns the first signature of a head that the ledger does not have, or null.</summary>
    public static string? Of(HomeFolder home, SqliteConnection connection)
    {
        string? id = RecordChain.LedgerId(connection);
        return HeadSignature
            .Statements(home)
            .FirstOrDefault(head =>
                head.Run is null && head.Ledger == id && RecordChain.HeadAt(connection, head.Records) != head.Hash
            )
            ?.Source;
    }
}
