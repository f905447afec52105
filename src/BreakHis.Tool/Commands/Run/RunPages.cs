using BreakHis.Ledger;
using BreakHis.Ledger.Reading;

namespace BreakHis.Tool.Commands.Run;

/// <summary>The reports of a call: one per spec, or one of all specs.</summary>
/// <param name="one">The page of all specs; null for one page per spec.</param>
internal sealed class RunPages(LedgerDatabase ledger, string? one)
{
    private readonly List<string> _all = [];

    /// <summary>Writes the page that is due after the runs of a spec.</summary>
    /// <param name="spec">The spec's name.</param>
    /// <param name="isInterrupted">Whether this call was interrupted, so that no spec follows.</param>
    /// <param name="isLast">Whether no spec follows.</param>
    /// <returns>Its path, null if none was due or a page of other runs was kept; and the runs of the spec.</returns>
    public (string? Path, IReadOnlyList<RecordedRun> Runs) After(
        string spec,
        IReadOnlyList<string> runIds,
        bool isInterrupted,
        bool isLast
    )
    {
        _all.AddRange(runIds);
        if (one is null)
        {
            return Write(runIds, ReportCommand.DefaultPath(spec), isInterrupted);
        }

        string? path =
            isInterrupted || isLast ? Write([.. _all.Distinct(StringComparer.Ordinal)], one, isInterrupted).Path : null;
        return (path, [.. ReadableRuns.Load(ledger, runIds)]);
    }

    /// <summary>The page of a finished run is worth more than that of an interrupted one.</summary>
    private (string? Path, IReadOnlyList<RecordedRun> Runs) Write(
        IReadOnlyList<string> runIds,
        string page,
        bool isInterrupted
    ) =>
        isInterrupted && ReportCommand.ShowsOthers(page, runIds)
            ? (null, [.. ReadableRuns.Load(ledger, runIds)])
            : ReportCommand.Write(ledger, runIds, page, replaces: true);
}
