using BreakHis.Ledger.Chain;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Heads;

/// <summary>Signatures of the home folder that know more of its ledger than the ledger has.</summary>
internal static class SignedAhead
{
    /// <summary>Finds the signatures of a head, or of a run, that the ledger does not have.</summary>
    /// <exception cref="InputException">There are too many signatures.</exception>
    public static IEnumerable<string> Of(HomeFolder home, SqliteConnection connection)
    {
        string? id = RecordChain.LedgerId(connection);
        return HeadSignature
            .ByFile(home)
            .Where(heads => heads.Any(head => head.Run is null && head.Ledger == id))
            .SelectMany(heads => heads.Where(head => !Has(connection, head)).Take(1))
            .Select(head => head.Source);
    }

    private static bool Has(SqliteConnection connection, KnownHead head) =>
        head.Run is null
            ? RecordChain.HeadAt(connection, head.Records) == head.Hash
            : RecordChain.HashAt(connection, head.Run, head.Records - 1) == head.Hash;
}
