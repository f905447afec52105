using BreakHis.Audit;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;

namespace BreakHis.Tool.Options;

/// <summary>Compares pages with what the runs that they pin give today.</summary>
internal static class PageCheck
{
    private const string Name = "report page";

    /// <summary>Returns the check of a report.</summary>
    /// <param name="path">The HTML file, which pins runs.</param>
    public static AuditEntry Of(LedgerDatabase ledger, string path)
    {
        IReadOnlyList<KnownHead> pins = KnownHeads.InReport(path);
        KnownHead[] runs = [.. pins.Where(pin => pin.Run is not null)];
        return Compared(ledger, path, pins.FirstOrDefault(pin => pin.Run is null), runs)
            .As(AuditLevel.Record, Name, null);
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
            catch (LedgerException e) when (e.Fault == LedgerFault.UnknownRun)
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

        var page = PageComparison.Of(
            File.ReadAllText(path),
            Report.Html([.. runs.Select(run => AsThere(run, pinned, ledger))])
        );
        string text = $"{path}: {page.Reason}";
        return page.Verdict switch
        {
            PageVerdict.Same => CheckResult.Pass(text),
            PageVerdict.Edited => CheckResult.Fail(text),
            _ => CheckResult.Inconclusive(text),
        };
    }

    private static bool IsHere(KnownHead? pinned, LedgerDatabase ledger) =>
        pinned is null || pinned.Ledger == ledger.Head().Id;

    /// <summary>Returns a run as the ledger that the page pins had it, if the run was imported from there.</summary>
    private static RecordedRun AsThere(RecordedRun run, KnownHead? pinned, LedgerDatabase ledger) =>
        IsHere(pinned, ledger)
            ? run
            : run with
            {
                Summary = run.Summary with { Import = null },
                Chain = run.Chain! with { Ledger = new LedgerHead(pinned!.Ledger, pinned.Records, pinned.Hash) },
            };
}
