using BreakHis.Ledger;
using BreakHis.Ledger.Reading;

namespace BreakHis.Tool.Commands;

/// <summary>The state of a run in one word.</summary>
internal static class StateWord
{
    private const string Killed = "killed";

    /// <summary>All words.</summary>
    public static string[] All { get; } = [.. Enum.GetValues<RunState>().Select(LedgerText.Word), Killed];

    /// <summary>The state in the ledger of runs with this word. A killed run could not record its end.</summary>
    public static RunState Recorded(string word) => word == Killed ? RunState.Running : LedgerText.StateOf(word);

    /// <summary>
    /// running, finished, failed or interrupted; killed if the run has not ended and no process works on it.
    /// </summary>
    public static string Of(RunSummary run) =>
        run.State == RunState.Running && run.Process?.IsAlive() == false ? Killed : LedgerText.Word(run.State);
}
