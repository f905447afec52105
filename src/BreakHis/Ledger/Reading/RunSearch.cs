using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>Finds runs by their plan, their features or their experiment.</summary>
internal static class RunSearch
{
    /// <summary>Returns those runs in quarantine that the ledger has, in ordinal order of ID.</summary>
    /// <param name="hidden">The IDs that the quarantine names.</param>
    public static IReadOnlyList<string> Quarantined(SqliteConnection connection, IEnumerable<string> hidden)
    {
        var known = new HashSet<string>(
            connection.Query("SELECT id FROM runs", row => row.TextOrEmpty(0)),
            StringComparer.Ordinal
        );
        return [.. hidden.Where(known.Contains).Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns the specs and plans of all runs, in the order in which they began.</summary>
    public static List<(string Id, string Spec, string Plan)> Settings(SqliteConnection connection) =>
        connection.Query(
            "SELECT id, spec, plan FROM runs ORDER BY number",
            row => (row.TextOrEmpty(0), row.TextOrEmpty(1), row.TextOrEmpty(2))
        );

    /// <summary>Returns the finished or the unfinished runs of a plan, the last one first.</summary>
    public static List<string> Find(SqliteConnection connection, string fingerprint, bool finished) =>
        connection.Query(
            $"""
            SELECT id FROM {RunReader.Summaries} WHERE fingerprint = $1 AND (state = 'finished') = $2 ORDER BY number DESC
            """,
            row => row.GetString(0),
            fingerprint,
            finished
        );

    /// <summary>Returns the runs that recorded features under a key, first to last, with the SHA-256 of the
    /// features.</summary>
    public static List<(string Run, string Sha256)> Features(SqliteConnection connection, string key) =>
        connection.Query(
            "SELECT run_id, sha256 FROM features JOIN runs ON id = run_id WHERE key = $1 ORDER BY number",
            row => (row.GetString(0), row.GetString(1)),
            key
        );

    /// <summary>Returns the newest run of a plan if it was interrupted or killed, else none.</summary>
    /// <param name="hidden">The runs in quarantine.</param>
    public static IReadOnlyList<string> FindInterrupted(
        SqliteConnection connection,
        string fingerprint,
        IReadOnlySet<string> hidden
    ) =>
        [
            .. connection
                .Query(
                    $"SELECT id, state IN ('interrupted', 'running') FROM {RunReader.Summaries} WHERE fingerprint = $1 ORDER BY number DESC",
                    row => (Id: row.GetString(0), IsInterrupted: row.GetBoolean(1)),
                    fingerprint
                )
                .Where(run => !hidden.Contains(run.Id))
                .Take(1)
                .Where(run => run.IsInterrupted)
                .Select(run => run.Id),
        ];

    /// <summary>Returns the finished runs of the same experiment, independent of threads and software.</summary>
    public static IReadOnlyList<string> FindAlike(SqliteConnection connection, string id)
    {
        List<(string Id, string Plan, bool Finished)> runs = connection.Query(
            $"""
            SELECT id, plan, state = 'finished' FROM runs JOIN (SELECT id, state FROM {RunReader.Summaries}) USING (id)
            WHERE seed = (SELECT seed FROM runs WHERE id = $1)
            ORDER BY number
            """,
            row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)),
            id
        );
        string? experiment = RecordedPlan.OrNull(runs.Find(run => run.Id == id).Plan)?.Experiment;
        return experiment is null
            ? []
            :
            [
                .. runs.Where(run =>
                        run.Finished && run.Id != id && RecordedPlan.OrNull(run.Plan)?.Experiment == experiment
                    )
                    .Select(run => run.Id),
            ];
    }
}
