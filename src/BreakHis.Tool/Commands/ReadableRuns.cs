using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands;

/// <summary>Leaves out runs whose record is malformed, and names them.</summary>
internal static class ReadableRuns
{
    /// <summary>Loads runs one by one, except those whose record is malformed.</summary>
    public static IEnumerable<RecordedRun> Load(LedgerDatabase ledger, IEnumerable<string> ids) => Of(ids, ledger.Load);

    /// <summary>Returns those runs that a function can read.</summary>
    public static IEnumerable<RecordedRun> Of(IEnumerable<RecordedRun> runs, Action<RecordedRun> read) =>
        Of(
            runs,
            run =>
                MalformedRecord.Understood(
                    run.Summary.Id,
                    () =>
                    {
                        read(run);
                        return run;
                    }
                )
        );

    private static IEnumerable<RecordedRun> Of<T>(IEnumerable<T> runs, Func<T, RecordedRun> read)
    {
        foreach (T run in runs)
        {
            if (ReadOrNull(run, read) is { } readable)
            {
                yield return readable;
            }
        }
    }

    private static RecordedRun? ReadOrNull<T>(T run, Func<T, RecordedRun> read)
    {
        try
        {
            return read(run);
        }
        catch (LedgerException e) when (e.Fault == LedgerFault.Malformed)
        {
            StandardStreams.Error.WriteLine($"left out: {e.Message}");
            return null;
        }
    }
}
