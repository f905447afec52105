using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Record;

/// <summary>Lists runs in quarantine, which no list shows.</summary>
internal static class QuarantineCheck
{
    /// <summary>Returns the check; none if no run is in quarantine.</summary>
    public static IEnumerable<AuditEntry> Of(LedgerDatabase ledger)
    {
        IReadOnlyList<string> runs = RunSearch.Quarantined(
            ledger.Connection,
            new Quarantine(ledger.Home.Quarantine).Ids()
        );
        return runs.Count == 0
            ? []
            :
            [
                CheckResult
                    .Inconclusive(
                        $"{Plural.Of(runs.Count, "run is", "runs are")} in quarantine and in no list: {Listing.Words(runs)}"
                    )
                    .As(AuditLevel.Record, "quarantine", null),
            ];
    }
}
