using BreakHis.Files;
using BreakHis.Ledger.Chain;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs.Reading;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>Reads runs from the ledger, each call from one snapshot.</summary>
internal static class RunReader
{
    private const string SummaryColumns =
        "id, name, state, seed, fingerprint, started_at, ended_at, last_stage, last_ended_stage, "
        + "loss, accuracy, macro_f1, balanced_accuracy, process_id, process_started, machine";

    /// <summary>The scores on test images of a run's last ended stage, one by one; NULL if there are none.</summary>
    private const string TestColumns = """
        (SELECT loss FROM test_scores WHERE run_id = id AND stage = last_ended_stage),
        (SELECT accuracy FROM test_scores WHERE run_id = id AND stage = last_ended_stage),
        (SELECT macro_f1 FROM test_scores WHERE run_id = id AND stage = last_ended_stage),
        (SELECT balanced_accuracy FROM test_scores WHERE run_id = id AND stage = last_ended_stage)
        """;

    /// <summary>The view run_summary. Not the view itself: an audit reads ledgers whose view is another one.</summary>
    public static readonly string Summaries = $"({LedgerSchema.QueryOf("run_summary")}) AS run_summary";

    /// <summary>The images of every side: the view all_images, which a damaged ledger may lack.</summary>
    public static readonly string AllImages = $"({LedgerSchema.QueryOf("all_images")})";

    /// <param name="hidden">The runs in quarantine.</param>
    public static RunList List(SqliteConnection connection, RunFilter filter, IReadOnlySet<string> hidden)
    {
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        ILookup<string, MatrixChoice> choices = connection
            .Query("SELECT run_id, path, value FROM choices ORDER BY run_id, number", ReadChoice)
            .ToLookup(choice => choice.Run, choice => choice.Choice, StringComparer.Ordinal);
        IReadOnlyDictionary<string, RunImports> imports = RunImports.All(connection);
        List<(RunSummary? Run, MalformedRun? Malformed)> rows = connection.Query(
            $"""
            SELECT {SummaryColumns}, {TestColumns} FROM {Summaries}
            WHERE ($1 IS NULL OR name = $1) AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR started_at >= $3)
            ORDER BY number DESC
            """,
            row => ReadSummaryIfReadable(row, choices, imports),
            filter.Name,
            filter.State is { } state ? LedgerText.Word(state) : null,
            filter.Since is { } since ? LedgerText.Time(since) : null
        );
        return new RunList(
            [
                .. rows.Select(row => row.Run)
                    .OfType<RunSummary>()
                    .Where(run => !hidden.Contains(run.Id))
                    .Take(filter.Limit ?? int.MaxValue),
            ],
            [
                .. rows.Select(row => row.Malformed)
                    .OfType<MalformedRun>()
                    .Concat(WithoutState(connection))
                    .Where(run => !hidden.Contains(run.Id)),
            ],
            RunSearch.Quarantined(connection, hidden)
        );
    }

    public static RecordedRun Load(SqliteConnection connection, string id)
    {
        using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
        ILookup<string, MatrixChoice> choices = connection
            .Query("SELECT run_id, path, value FROM choices WHERE run_id = $1 ORDER BY number", ReadChoice, id)
            .ToLookup(choice => choice.Run, choice => choice.Choice, StringComparer.Ordinal);
        List<ProvenanceEntry> provenance = Provenance(connection, id);
        IReadOnlyDictionary<string, RunImports> imports = RunImports.All(connection);
        return connection
                .Query(
                    $"""
                    SELECT {SummaryColumns}, {TestColumns}, failure, spec_file, spec_hash, spec, plan
                    FROM {Summaries}
                    JOIN (SELECT id, spec_file, spec_hash, spec, plan FROM runs) USING (id)
                    WHERE id = $1
                    """,
                    row => new RecordedRun(
                        ReadSummary(row, choices, imports),
                        Failure: row.TextOrNull(20),
                        SpecFile: row.GetString(21),
                        SpecHash: row.GetString(22),
                        Spec: row.GetString(23),
                        Plan: row.GetString(24),
                        Classes(connection, id),
                        Images(connection, id),
                        StageReader.Stages(connection, id),
                        Artifacts(connection, id),
                        Checkpoints(connection, id),
                        [.. provenance.Where(entry => OldSplitChecks.Of(entry) is null)],
                        [.. SplitChecks(connection, id), .. provenance.Select(OldSplitChecks.Of).OfType<LeakCheck>()]
                    )
                    {
                        Chain = RecordChain.ChainOf(connection, id),
                        EditedRecords = EditedRecords.Of(connection, id),
                        Processes = Processes(connection, id),
                    },
                    id
                )
                .FirstOrDefault()
            ?? (
                connection.Scalar<long>("SELECT count(*) FROM runs WHERE id = $1", id) == 0
                    ? throw new LedgerException(LedgerFault.UnknownRun, $"the ledger has no run {id}")
                    : throw new FormatException("it has no state")
            );
    }

    private static (string Run, MatrixChoice Choice) ReadChoice(SqliteDataReader row) =>
        (row.GetString(0), new MatrixChoice(row.GetString(1), row.GetString(2)));

    private static (RunSummary? Run, MalformedRun? Malformed) ReadSummaryIfReadable(
        SqliteDataReader row,
        ILookup<string, MatrixChoice> choices,
        IReadOnlyDictionary<string, RunImports> imports
    )
    {
        try
        {
            return (ReadSummary(row, choices, imports), null);
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return (null, new MalformedRun(row.TextOrEmpty(0), OneLine.Of(e.Message)));
        }
    }

    /// <summary>Runs that the view run_summary leaves out, because nothing says how they stand.</summary>
    private static List<MalformedRun> WithoutState(SqliteConnection connection) =>
        connection.Query(
            $"SELECT id FROM runs WHERE id NOT IN (SELECT id FROM {Summaries})",
            row => new MalformedRun(row.TextOrEmpty(0), "it has no state")
        );

    private static RunSummary ReadSummary(
        SqliteDataReader row,
        ILookup<string, MatrixChoice> choices,
        IReadOnlyDictionary<string, RunImports> imports
    )
    {
        string id = row.GetString(0);
        // Folders are named after it.
        if (!HexName.Is(id, RunFolder.IdDigits))
        {
            throw new FormatException("its ID is not that of a run");
        }

        return new RunSummary(
            id,
            Name: row.GetString(1),
            LedgerText.StateOf(row.GetString(2)),
            Seed: row.GetInt64(3),
            [.. choices[id]],
            Fingerprint: row.GetString(4),
            StartedAt: row.GetString(5),
            EndedAt: row.TextOrNull(6),
            LastStage: row.TextOrNull(8) ?? row.TextOrNull(7),
            LastScores: row.IsDBNull(8) ? null : StageReader.Scores(row, 9)
        )
        {
            LastTestScores = row.IsDBNull(17) ? null : StageReader.Scores(row, 16),
            Import = imports.GetValueOrDefault(id)?.Result,
            NotesImport = imports.GetValueOrDefault(id)?.Notes,
            Process = row.IsDBNull(13) ? null : new RunProcess(row.GetInt32(13), row.GetString(14), row.GetString(15)),
        };
    }

    private static List<RunProcess> Processes(SqliteConnection connection, string id) =>
        connection.Query(
            """
            SELECT process_id, process_started, machine FROM run_states
            WHERE run_id = $1 AND state = 'running' ORDER BY number
            """,
            row => new RunProcess(row.GetInt32(0), row.GetString(1), row.GetString(2)),
            id
        );

    private static List<string> Classes(SqliteConnection connection, string id) =>
        connection.Query("SELECT name FROM classes WHERE run_id = $1 ORDER BY class", row => row.GetString(0), id);

    public static List<PlannedImage> Images(SqliteConnection connection, string id) =>
        connection.Query(
            $"""
            SELECT path, sha256, class, patient, subtype, magnification, side
            FROM {AllImages} WHERE run_id = $1 ORDER BY image
            """,
            row => new PlannedImage(
                Path: row.GetString(0),
                Sha256: row.GetString(1),
                Class: row.GetInt32(2),
                Patient: row.GetString(3),
                Subtype: row.GetString(4),
                Magnification: row.GetInt32(5),
                LedgerText.SideOf(row.GetString(6))
            ),
            id
        );

    public static List<ArtifactWritten> Artifacts(SqliteConnection connection, string id) =>
        connection.Query(
            """
            SELECT stage, name, path, sha256, bytes FROM artifacts AS artifact
            WHERE run_id = $1
                AND number = (SELECT max(number) FROM artifacts WHERE run_id = $1 AND path = artifact.path)
            ORDER BY path
            """,
            row => new ArtifactWritten(
                Stage: row.GetString(0),
                Name: row.GetString(1),
                Path: row.GetString(2),
                Sha256: row.GetString(3),
                Bytes: row.GetInt64(4)
            ),
            id
        );

    private static List<Checkpoint> Checkpoints(SqliteConnection connection, string id) =>
        connection.Query(
            """
            SELECT stage, epoch, step, path, sha256, bytes, best_path, best_sha256, best_bytes
            FROM checkpoints WHERE run_id = $1 ORDER BY number
            """,
            row => new Checkpoint(
                Stage: row.GetString(0),
                Epoch: row.GetInt32(1),
                Step: row.GetInt32(2),
                State: new HashedFile(row.GetString(3), row.GetString(4), row.GetInt64(5)),
                Best: row.IsDBNull(6) ? null : new HashedFile(row.GetString(6), row.GetString(7), row.GetInt64(8))
            ),
            id
        );

    private static List<ProvenanceEntry> Provenance(SqliteConnection connection, string id) =>
        connection.Query(
            "SELECT name, value FROM provenance WHERE run_id = $1 ORDER BY name",
            row => new ProvenanceEntry(row.GetString(0), row.GetString(1)),
            id
        );

    private static List<LeakCheck> SplitChecks(SqliteConnection connection, string id) =>
        connection.Query(
            "SELECT name, verdict, text FROM split_checks WHERE run_id = $1 ORDER BY name",
            row => new LeakCheck(row.GetString(0), LedgerText.VerdictOf(row.GetString(1)), row.GetString(2)),
            id
        );
}
