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

        string? other = pinned is null || pinned.Ledger == ledger.Head().Id ? null : pinned.Ledger;
        RecordedRun[] shown = [.. runs.Select(run => other is null ? run : AsIn(ledger, other, run))];
        var page = PageComparison.Of(File.ReadAllBytes(path), ReportPage.Of(shown));
        if (
            page.Verdict == PageVerdict.Edited
            && runs.Find(run => other is not null && ledger.WasImportedIn(other, run.Summary.Id)) is { } further
        )
        {
            return CheckResult.Inconclusive(
                $"{path}: its ledger had imported run {further.Summary.Id} too, and what its page said of that is not known here"
            );
        }

        string text = $"{path}: {page.Reason}";
        return page.Verdict switch
        {
            PageVerdict.Same => CheckResult.Pass(text),
            PageVerdict.Edited => CheckResult.Fail(text),
            _ => CheckResult.Inconclusive(text),
        };
    }

    /// <summary>
    /// Returns a run as the ledger that the page pins had it, if it was imported from there and the imported records show
    /// where that ledger was.
    /// </summary>
    private static RecordedRun AsIn(LedgerDatabase ledger, string other, RecordedRun run) =>
        run.Summary.Import?.Ledger == other && ledger.HeadIn(other, run.Summary.Id, run.Chain!.Records - 1) is { } there
            ? run with
            {
                Summary = run.Summary with { Import = null },
                Chain = run.Chain with { Ledger = there },
            }
            : run;
}
