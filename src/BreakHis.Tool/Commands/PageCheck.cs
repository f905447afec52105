using BreakHis.Audit;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;

namespace BreakHis.Tool.Commands;

/// <summary>Compares pages with what the runs that they pin give today.</summary>
internal static class PageCheck
{
    /// <summary>Returns the check of a report.</summary>
    /// <param name="path">The HTML file, which pins runs.</param>
    public static IEnumerable<AuditEntry> Of(LedgerDatabase ledger, string path)
    {
        IReadOnlyList<KnownHead> pins = KnownHeads.InReport(path);
        KnownHead[] runs = [.. pins.Where(pin => pin.Run is not null)];
        return
        [
            Compared(ledger, path, pins.FirstOrDefault(pin => pin.Run is null), runs)
                .As(AuditLevel.Record, "report page", null),
        ];
    }

    private static CheckResult Compared(LedgerDatabase ledger, string path, KnownHead? pinned, KnownHead[] pins)
    {
        List<RecordedRun> runs = [];
        foreach (KnownHead pin in pins)
        {
            try
            {
                runs.Add(ledger.Load(pin.Run!));
            }
            catch (LedgerException e) when (e.Fault is LedgerFault.UnknownRun or LedgerFault.Malformed)
            {
                return CheckResult.Inconclusive($"{path}: {e.Message}, so its numbers cannot be compared");
            }

            if (runs[^1].Chain is not { } chain || (chain.Records, chain.Hash) != (pin.Records, pin.Hash))
            {
                return CheckResult.Inconclusive(
                    $"{path}: run {pin.Run} has other records now, so its numbers cannot be compared"
                );
            }
        }

        if (runs.Count == 0)
        {
            return CheckResult.Inconclusive($"{path}: pins no run, so its numbers cannot be compared");
        }

        LedgerHead? there =
            pinned is null || pinned.Ledger == ledger.Head().Id
                ? null
                : new LedgerHead(pinned.Ledger, pinned.Records, pinned.Hash);
        var page = PageComparison.Of(
            File.ReadAllBytes(path),
            ReportPage.Of(there is null ? runs : [.. runs.Select(run => AsIn(there, run))]),
            anyHead: there is not null && runs.Count > 1
        );
        string text = $"{path}: {page.Reason}";
        return page.Verdict switch
        {
            PageVerdict.Same => CheckResult.Pass(text),
            PageVerdict.Edited => CheckResult.Fail(text),
            _ => CheckResult.Inconclusive(text),
        };
    }

    /// <summary>Returns an imported run as the ledger that the page pins had it.</summary>
    private static RecordedRun AsIn(LedgerHead there, RecordedRun run) =>
        run with
        {
            Summary = run.Summary with { Import = null },
            Chain = run.Chain! with { Ledger = there },
        };
}
