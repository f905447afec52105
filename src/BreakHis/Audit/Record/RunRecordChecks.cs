using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>
/// Checks that the numbers of a run are possible and follow from each other. A chain shows that nothing was changed
/// since it was written; these checks show that it was consistent in the first place.
/// </summary>
internal static class RunRecordChecks
{
    /// <summary>Returns the check that replaces those for which the record of a run cannot be read.</summary>
    public static AuditEntry Unreadable(string run, Exception reason) =>
        CheckResult
            .Fail(
                $"its record cannot be read as one of this tool, so the checks that would follow were not made: {OneLine.Of(reason.Message)}"
            )
            .As(AuditLevel.Record, "reading", run);

    /// <summary>Returns the checks of one run.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run)
    {
        try
        {
            return RunFacts.Of(connection, run) is { } facts
                ? [.. Checks(connection, run, facts)]
                : ValuesCheck.Unreadable(run, $"runs has no row of run {run}");
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return ValuesCheck.Unreadable(run, $"the run is not in this tool's format: {OneLine.Of(e.Message)}");
        }
    }

    /// <summary>Returns what these checks find wrong.</summary>
    public static IEnumerable<string> Faults(SqliteConnection connection, string run) =>
        Of(connection, run)
            .Where(check => check.Outcome == AuditOutcome.Fail)
            .Select(check => $"{check.Name}: {check.Reason}");

    private static IEnumerable<AuditEntry> Checks(SqliteConnection connection, string run, RunFacts facts)
    {
        string[] classes =
        [
            .. connection.Query("SELECT name FROM classes WHERE run_id = $1 ORDER BY class", r => r.GetString(0), run),
        ];
        List<PlannedImage> images = RunReader.Images(connection, run);
        return
        [
            .. ValuesCheck.Of(connection, run),
            .. SpecAndPlanCheck.Of(run, facts),
            .. ImagesAndSplitCheck.Of(run, facts, classes, images),
            .. NumberingCheck.Of(connection, run),
            .. StatesCheck.Of(connection, run, facts),
            .. EpochsCheck.Of(connection, run, facts),
            .. PredictionsCheck.Of(connection, run, classes.Length, images),
            .. FeaturesCheck.Of(connection, run),
        ];
    }
}
