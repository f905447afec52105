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
    /// <summary>Returns the check that replaces those of a run whose record cannot be read.</summary>
    public static AuditEntry Unreadable(string run, Exception reason) =>
        CheckResult
            .Inconclusive(
                $"its record is too damaged to read, so the checks that would follow were not made: {OneLine.Of(reason.Message)}"
            )
            .As(AuditLevel.Record, "reading", run);

    /// <summary>Returns the check of runs in quarantine, if there are any: no list has them.</summary>
    public static IEnumerable<AuditEntry> Quarantined(IReadOnlyList<string> runs) =>
        runs.Count == 0
            ? []
            :
            [
                CheckResult
                    .Inconclusive(
                        $"{Plural.Of(runs.Count, "run is", "runs are")} in quarantine and in no list: {Listing.Words(runs)}"
                    )
                    .As(AuditLevel.Record, "quarantine", null),
            ];

    /// <summary>Returns the checks of one run.</summary>
    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run)
    {
        try
        {
            return [.. Checks(connection, run)];
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return CheckResult
                .Of([$"the run is not in this tool's format: {OneLine.Of(e.Message)}"], "")
                .As(AuditLevel.Record, "numbers", run);
        }
    }

    /// <summary>Returns what these checks find wrong.</summary>
    public static IEnumerable<string> Faults(SqliteConnection connection, string run) =>
        Of(connection, run)
            .Where(check => check.Outcome == AuditOutcome.Fail)
            .Select(check => $"{check.Name}: {check.Reason}");

    private static IEnumerable<AuditEntry> Checks(SqliteConnection connection, string run)
    {
        var facts = RunFacts.Of(connection, run);
        if (facts is null)
        {
            return CheckResult.Of([$"runs has no row of run {run}"], "").As(AuditLevel.Record, "numbers", run);
        }

        string[] classes =
        [
            .. connection.Query("SELECT name FROM classes WHERE run_id = $1 ORDER BY class", r => r.GetString(0), run),
        ];
        List<PlannedImage> images = RunReader.Images(connection, run);
        IEnumerable<AuditEntry> checks = CheckResult
            .Of(ValuesCheck.Of(connection, run), "numbers, times, keys and paths are in their ranges")
            .As(AuditLevel.Record, "values", run)
            .Concat(
                CheckResult
                    .Of(facts.Contradictions(), "spec and plan match the recorded hashes")
                    .As(AuditLevel.Record, "spec and plan", run)
            )
            .Concat(
                CheckResult
                    .Of(Images(facts, classes, images), "images and sides match the hashes in the plan")
                    .As(AuditLevel.Record, "images and split", run)
            )
            .Concat(
                CheckResult
                    .Of(Numbering(connection, run), "row numbers have no gaps")
                    .As(AuditLevel.Record, "numbering", run)
            )
            .Concat(StatesCheck.Of(connection, run, facts))
            .Concat(
                CheckResult
                    .Of(
                        EpochsCheck.Of(connection, run, facts),
                        "epochs are consecutive, and the best and the kept epoch follow from the plan"
                    )
                    .As(AuditLevel.Record, "epochs", run)
            );
        return checks
            .Concat(PredictionsCheck.Of(connection, run, classes.Length, images))
            .Concat(Features(connection, run));
    }

    /// <summary>
    /// The key of features covers all that determines them, so that another hash was edited, in the cache or the record,
    /// or computed by a machine that does not repeat its results.
    /// </summary>
    private static IEnumerable<AuditEntry> Features(SqliteConnection connection, string run)
    {
        List<string> differing = connection.Query(
            "SELECT DISTINCT other.run_id FROM features AS mine JOIN features AS other ON other.key = mine.key AND other.sha256 <> mine.sha256 WHERE mine.run_id = $1 ORDER BY 1",
            row => row.GetString(0),
            run
        );
        if (differing.Count == 0)
        {
            return [];
        }

        IReadOnlyDictionary<string, RunImports> imports = RunImports.All(connection);
        string[] others = [.. differing.Where(other => imports.GetValueOrDefault(other)?.Result is null)];
        return others.Length == 0
            ? []
            : CheckResult
                .Of(
                    [
                        $"its features have another hash than those of {Listing.Words(others)}, which were computed from the same inputs",
                    ],
                    ""
                )
                .As(AuditLevel.Record, "features", run);
    }

    private static IEnumerable<string> Images(RunFacts facts, string[] classes, List<PlannedImage> images)
    {
        if (images.Find(image => image.Class < 0 || image.Class >= classes.Length) is { } lost)
        {
            yield return $"images: {lost.Path} has a class that does not exist";
        }

        if (facts.Plan.ContentHash is string content && Labelling.ContentHash(classes, images) != content)
        {
            yield return "images, classes: their hash differs from the plan's (a path, content, class or name differs)";
        }

        if (facts.Plan.PatientsHash is string patients && Labelling.PatientsHash(images) != patients)
        {
            yield return "images: the hash of their patients differs from the plan's";
        }

        if (facts.Plan.SplitHash is string split && Labelling.SplitHash(images) != split)
        {
            yield return "images: the hash of their sides differs from the plan's";
        }
    }

    private static IEnumerable<string> Numbering(SqliteConnection connection, string run) =>
        (
            (ReadOnlySpan<(string Table, string Column, string Groups, string Rows)>)
                [
                    ("choices", "number", "", "choices"),
                    ("classes", "class", "", "classes"),
                    ("images", "image", "", RunReader.AllImages),
                    ("stages", "number", "", "stages"),
                    ("run_states", "number", "", "run_states"),
                    ("checkpoints", "number", "", "checkpoints"),
                    ("artifacts", "number", ", path", "artifacts"),
                ]
        )
            .ToArray()
            .Where(counted =>
                connection.Scalar<long>(
                    $"""
                    SELECT count(*) FROM (
                        SELECT 1 FROM {counted.Rows} WHERE run_id = $1 GROUP BY run_id{counted.Groups}
                        HAVING min({counted.Column}) <> 0 OR max({counted.Column}) <> count(*) - 1)
                    """,
                    run
                ) > 0
            )
            .Select(counted => $"{counted.Table}: {counted.Column} does not count from 0 without gaps");
}
