using System.Security.Cryptography;
using BreakHis.Data;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Processes;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Writing;

/// <summary>Adds rows to the ledger, one transaction and one record per call. Rows are never changed.</summary>
internal static class RunWriter
{
    public static string Begin(SqliteConnection connection, NewRun run, string? newLedger)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        RequireAlone(connection, run.Plan.Fingerprint, run.Process);
        RecordChain.BeginLedger(connection, newLedger);
        string id = run.Id ?? UnusedId(connection);
        string startedAt = LedgerText.Time(run.StartedAt);
        Plan plan = run.Plan;
        connection.Execute(
            """
            INSERT INTO runs (id, name, fingerprint, seed, spec_file, spec_hash, spec, plan, started_at, record)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
            """,
            id,
            plan.Spec.Name,
            plan.Fingerprint,
            plan.Seed,
            plan.SpecFile,
            plan.SpecHash,
            run.SpecJson,
            run.PlanJson,
            startedAt
        );
        WriteRunning(connection, id, 0, run.StartedAt, run.Process, record: 0);
        connection.ExecuteForEach(
            "INSERT INTO choices (run_id, number, path, value, record) VALUES ($1, $2, $3, $4, 0)",
            plan.Choices.Index(),
            choice => [id, choice.Index, choice.Item.Path, choice.Item.Value]
        );
        connection.ExecuteForEach(
            "INSERT INTO provenance (run_id, name, value, record) VALUES ($1, $2, $3, 0)",
            run.Provenance,
            entry => [id, entry.Name, entry.Value]
        );
        connection.ExecuteForEach(
            "INSERT INTO split_checks (run_id, name, verdict, text, record) VALUES ($1, $2, $3, $4, 0)",
            run.SplitChecks,
            check => [id, check.Name, LedgerText.Word(check.Verdict), check.Text]
        );
        WriteData(connection, id, plan.Data);
        RecordChain.Append(connection, id, 0, "run_began");
        transaction.Commit();
        return id;
    }

    /// <summary>Writes an event.</summary>
    /// <returns>Whether there was anything to write.</returns>
    public static bool Record(
        SqliteConnection connection,
        string run,
        RunEvent runEvent,
        List<ImagePredicted> predictions,
        DateTimeOffset now
    )
    {
        if (runEvent is Progressed or RunEnded)
        {
            return false;
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        if (Replay.IsRecorded(connection, run, runEvent, predictions))
        {
            return false;
        }

        long record = RecordChain.Next(connection, run);
        EventRows.Write(connection, run, runEvent, predictions, now, record);
        bool wrote = RecordChain.Append(connection, run, record, EventRows.KindOf(runEvent));
        transaction.Commit();
        return wrote;
    }

    public static void Resume(SqliteConnection connection, string run, RunProcess process, DateTimeOffset now)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        (long number, string state) = LastState(connection, run);
        if (state == LedgerText.Word(RunState.Finished))
        {
            throw new LedgerException(LedgerFault.Refused, $"run {run} is finished, so it cannot resume");
        }

        RequireAlone(connection, connection.Scalar<string>("SELECT fingerprint FROM runs WHERE id = $1", run), process);
        long record = RecordChain.Next(connection, run);
        WriteRunning(connection, run, number + 1, now, process, record);
        RecordChain.Append(connection, run, record, "run_resumed");
        transaction.Commit();
    }

    /// <summary>
    /// Keeps two processes of this machine from one plan even if the file system has no locks, which would keep the
    /// second one waiting.
    /// </summary>
    private static void RequireAlone(SqliteConnection connection, string fingerprint, RunProcess process)
    {
        (string Id, RunProcess Process)[] others =
        [
            .. Computed(connection, "fingerprint", fingerprint).Where(run => run.Process != process),
        ];
        if (others is [var other, ..])
        {
            throw new LedgerException(
                LedgerFault.Locked,
                Invariant(
                    $"process {other.Process.Id} computes run {other.Id} of this plan; try again when it has ended"
                )
            );
        }
    }

    /// <summary>Prevents that an import continues a run that a process of this machine computes.</summary>
    /// <exception cref="LedgerException">A process computes it.</exception>
    public static void RequireIdle(SqliteConnection connection, string run)
    {
        if (Computed(connection, "id", run).Select(other => other.Process).FirstOrDefault() is { } process)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                Invariant(
                    $"process {process.Id} computes run {run} here, so its records cannot come from elsewhere; nothing was imported"
                )
            );
        }
    }

    /// <summary>Returns the runs that live processes of this machine compute.</summary>
    /// <param name="column">The column that must have a value.</param>
    private static IEnumerable<(string Id, RunProcess Process)> Computed(
        SqliteConnection connection,
        string column,
        string value
    ) =>
        connection
            .Query(
                $"SELECT id, process_id, process_started, machine FROM run_summary WHERE {column} = $1 AND state = 'running'",
                row =>
                    (
                        Id: row.GetString(0),
                        Process: new RunProcess(row.GetInt32(1), row.GetString(2), row.GetString(3))
                    ),
                value
            )
            .Where(run => run.Process.IsAlive() == true)
            // An imported run is computed elsewhere, if at all.
            .Where(run => RunImports.All(connection).GetValueOrDefault(run.Id)?.Result is null);

    public static void Finish(
        SqliteConnection connection,
        string run,
        RunState state,
        string? failure,
        DateTimeOffset now
    )
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        (long number, string last) = LastState(connection, run);
        if (last != LedgerText.Word(RunState.Running))
        {
            throw new LedgerException(LedgerFault.Refused, $"run {run} is not running, so it cannot end");
        }

        long record = RecordChain.Next(connection, run);
        connection.Execute(
            "INSERT INTO run_states (run_id, number, state, at, failure, record) VALUES ($1, $2, $3, $4, $5, $6)",
            run,
            number + 1,
            LedgerText.Word(state),
            LedgerText.Time(now),
            failure,
            record
        );
        RecordChain.Append(connection, run, record, "run_ended");
        transaction.Commit();
    }

    private static (long Number, string State) LastState(SqliteConnection connection, string run) =>
        connection
            .Query(
                "SELECT number, state FROM run_states WHERE run_id = $1 ORDER BY number DESC LIMIT 1",
                row => (row.GetInt64(0), row.GetString(1)),
                run
            )
            .FirstOrDefault((-1, "unknown"));

    private static void WriteRunning(
        SqliteConnection connection,
        string run,
        long number,
        DateTimeOffset now,
        RunProcess process,
        long record
    ) =>
        connection.Execute(
            """
            INSERT INTO run_states (run_id, number, state, at, process_id, process_started, machine, record)
            VALUES ($1, $2, 'running', $3, $4, $5, $6, $7)
            """,
            run,
            number,
            LedgerText.Time(now),
            process.Id,
            process.Started,
            process.Machine,
            record
        );

    private static string UnusedId(SqliteConnection connection)
    {
        while (true)
        {
            string id = RandomNumberGenerator.GetHexString(10, lowercase: true);
            if (connection.Scalar<long>("SELECT count(*) FROM runs WHERE id = $1", id) == 0)
            {
                return id;
            }
        }
    }

    private static void WriteData(SqliteConnection connection, string run, DataPlan data)
    {
        connection.ExecuteForEach(
            "INSERT INTO classes (run_id, class, name, record) VALUES ($1, $2, $3, 0)",
            data.Classes.Index(),
            item => [run, item.Index, item.Item]
        );
        connection.ExecuteForEach(
            """
            INSERT INTO images (run_id, image, path, sha256, class, patient, subtype, magnification, side, record)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)
            """,
            data.Images.Index().Where(item => item.Item.Side != Side.Test),
            item => [.. Values(run, item), Sides.Word(item.Item.Side)]
        );
        connection.ExecuteForEach(
            """
            INSERT INTO test_images (run_id, image, path, sha256, class, patient, subtype, magnification, record)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
            """,
            data.Images.Index().Where(item => item.Item.Side == Side.Test),
            item => Values(run, item)
        );
    }

    private static object?[] Values(string run, (int Index, PlannedImage Item) image) =>
        [
            run,
            image.Index,
            image.Item.Path,
            image.Item.Sha256,
            image.Item.Class,
            image.Item.Patient,
            image.Item.Subtype,
            image.Item.Magnification,
        ];
}
