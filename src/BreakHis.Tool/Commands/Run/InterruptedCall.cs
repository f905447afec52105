using BreakHis.Ledger;
using BreakHis.Processes;

namespace BreakHis.Tool.Commands.Run;

/// <summary>
/// A call of <c>run --fresh</c> that was interrupted, and that the same command resumes: what it had finished before the
/// interruption is not run again.
/// </summary>
internal static class InterruptedCall
{
    /// <summary>Returns the fingerprints of those plans that the interrupted call finished, or none.</summary>
    /// <param name="fingerprints">The fingerprints of the command's plans, in the order in which they run.</param>
    /// <remarks>
    /// Runs belong to one call if one process worked on both. A call that was interrupted several times had several
    /// processes, each of which resumed the last run of the process before; hence the search from the last plan to the
    /// first.
    /// </remarks>
    public static IReadOnlySet<string> Finished(LedgerDatabase ledger, IEnumerable<string> fingerprints)
    {
        HashSet<RunProcess> processes = [];
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (string fingerprint in fingerprints.Reverse())
        {
            if (Processes(ledger, ledger.FindInterrupted(fingerprint)) is { Count: > 0 } interrupted)
            {
                processes.UnionWith(interrupted);
            }
            else if (
                processes.Count > 0
                && Processes(ledger, ledger.FindFinished(fingerprint)) is var done
                && processes.Overlaps(done)
            )
            {
                processes.UnionWith(done);
                finished.Add(fingerprint);
            }
        }

        return finished;
    }

    private static IReadOnlyList<RunProcess> Processes(LedgerDatabase ledger, IReadOnlyList<string> newestFirst) =>
        ReadableRuns.Load(ledger, [.. newestFirst.Take(1)]).FirstOrDefault()?.Processes ?? [];
}
