using BreakHis.Ledger.Reading;

namespace BreakHis.Tool.Commands;

/// <summary>The state of a run in one word.</summary>
internal static class StateWord
{
    /// <summary>
    /// running, finished, failed or interrupted; killed if the run has not ended and no process works on it.
    /// </summary>
    public static string Of(RunSummary run) =>
        run.State == RunState.Running && run.Process?.IsAlive() == false
            ? "killed"
            : run.State.ToString().ToLowerInvariant();
}
