using BreakHis.Ledger.Reading;

namespace BreakHis.Tool.Commands;

/// <summary>Where a run stands, in a word.</summary>
internal static class StateWord
{
    /// <summary>running, finished, failed or interrupted; killed where no process works on it any more.</summary>
    public static string Of(RunSummary run) =>
        run.State == RunState.Running && run.Process?.IsAlive() == false
            ? "killed"
            : run.State.ToString().ToLowerInvariant();
}
