using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the run's states are in a valid order, and its times.</summary>
internal static class StatesCheck
{
    private static readonly string Running = LedgerText.Word(RunState.Running);
    private static readonly string Finished = LedgerText.Word(RunState.Finished);

    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run, RunFacts facts)
    {
        List<(string State, string At)> states = connection.Query(
            "SELECT state, at FROM run_states WHERE run_id = $1 ORDER BY number",
            row => (row.GetString(0), row.GetString(1)),
            run
        );
        List<(string Stage, string Began, string? Ended)> stages = connection.Query(
            "SELECT stage, started_at, ended_at FROM stages LEFT JOIN stage_ends USING (run_id, stage) WHERE run_id = $1 ORDER BY number",
            row => (row.GetString(0), row.GetString(1), row.TextOrNull(2)),
            run
        );
        string[] unended =
        [
            .. facts
                .Plan.Stages.Select(s => s.Name)
                .Except(stages.Where(s => s.Ended is not null).Select(s => s.Stage), StringComparer.Ordinal),
        ];
        return CheckResult
            .Of(Order(states, unended).Concat(AfterEnd(connection, run)), "run states are in a valid order")
            .As(AuditLevel.Record, "states", run)
            .Append(Times(run, facts, states, stages));
    }

    /// <summary>A process writes nothing about a run that has ended; only notes follow, or the resumption.</summary>
    private static IEnumerable<string> AfterEnd(SqliteConnection connection, string run) =>
        connection.Query(
            """
            SELECT record, kind FROM records r
            WHERE run_id = $1
                AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.run_id = r.run_id AND n.record = r.record)
                AND NOT EXISTS (SELECT 1 FROM run_states s WHERE s.run_id = r.run_id AND s.record = r.record)
                AND (
                    SELECT state FROM run_states s WHERE s.run_id = r.run_id AND s.record < r.record
                    ORDER BY number DESC LIMIT 1
                ) <> 'running'
            ORDER BY record LIMIT 1
            """,
            row => $"record {row.GetInt64(0)} ({row.GetString(1)}) follows the end of the run",
            run
        );

    private static IEnumerable<string> Order(List<(string State, string At)> states, string[] unended)
    {
        if (states.Count == 0 || states[0].State != Running)
        {
            yield return "run_states: the first state must be running";
        }

        foreach (((string before, _), (string after, _)) in states.Zip(states.Skip(1)))
        {
            // A run that was killed goes from running to running.
            if (before == Finished || (after != Running && before != Running))
            {
                yield return $"run_states: {after} cannot follow {before}";
            }
        }

        if (states.Count > 0 && states[^1].State == Finished && unended.Length > 0)
        {
            yield return $"run_states: the run is finished, but {string.Join(" and ", unended)} {Plural.Word(unended.Length, "has", "have")} not ended";
        }
    }

    /// <summary>Setting back a clock is not a fault of the record, so times out of order prove nothing.</summary>
    private static AuditEntry Times(
        string run,
        RunFacts facts,
        List<(string State, string At)> states,
        List<(string Stage, string Began, string? Ended)> stages
    )
    {
        IEnumerable<string> inStates = states.Select(state => state.At).Prepend(facts.StartedAt);
        IEnumerable<string> inStages = stages
            .SelectMany(stage => (string?[])[stage.Began, stage.Ended])
            .OfType<string>()
            .Prepend(facts.StartedAt);
        return IsInOrder(inStates) && IsInOrder(inStages)
            ? CheckResult.Pass("times are in order").As(AuditLevel.Record, "times", run)
            : CheckResult
                .Inconclusive(
                    "times of run_states, stages or stage_ends go backwards: a clock was changed, or a time is wrong"
                )
                .As(AuditLevel.Record, "times", run);
    }

    private static bool IsInOrder(IEnumerable<string> times) =>
        times.Zip(times.Skip(1)).All(pair => string.CompareOrdinal(pair.First, pair.Second) <= 0);
}
