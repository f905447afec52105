using System.Security.Cryptography;
using System.Text.Json;
using BreakHis.Ledger.Chain;
using BreakHis.Plans;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>Adds rows to the ledger, a transaction and a record a call. No row is ever changed.</summary>
internal static class RunWriting
{
    public static string Begin(SqliteConnection connection, NewRun run)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
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
        switch (runEvent)
        {
            case StageStarted started:
                Write(connection, run, started, now, record);
                break;
            case FeaturesReady features:
                Write(connection, run, features, record);
                break;
            case EpochEnded epoch:
                Write(connection, run, epoch, record);
                break;
            case CheckpointWritten written:
                Write(connection, run, written.Checkpoint, record);
                break;
            case ArtifactWritten artifact:
                Write(connection, run, artifact, record);
                break;
            case StageEnded ended:
                Write(connection, run, ended, now, record);
                Write(connection, run, predictions, record);
                break;
            default:
                throw new ArgumentException($"{runEvent.GetType().Name} has no place in the ledger", nameof(runEvent));
        }

        string kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(runEvent.GetType().Name);
        bool wrote = RecordChain.Append(connection, run, record, kind);
        transaction.Commit();
        return wrote;
    }

    public static void Resume(SqliteConnection connection, string run, RunProcess process, DateTimeOffset now)
    {
        using SqliteTransaction transaction = connection.BeginTransaction();
        (long number, string state) = LastState(connection, run);
        if (state == "finished")
        {
            throw new LedgerException(LedgerFault.Refused, $"run {run} is finished, so it cannot go on");
        }

        long record = RecordChain.Next(connection, run);
        WriteRunning(connection, run, number + 1, now, process, record);
        RecordChain.Append(connection, run, record, "run_resumed");
        transaction.Commit();
    }

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
        if (last != "running")
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
            data.Images.Index(),
            item =>
            {
                (int index, PlannedImage image) = item;
                return
                [
                    run,
                    index,
                    image.Path,
                    image.Sha256,
                    image.Class,
                    image.Patient,
                    image.Subtype,
                    image.Magnification,
                    LedgerText.Word(image.Side),
                ];
            }
        );
    }

    private static void Write(
        SqliteConnection connection,
        string run,
        StageStarted stage,
        DateTimeOffset now,
        long record
    ) =>
        connection.Execute(
            """
            INSERT INTO stages (run_id, stage, number, started_at, record)
            SELECT $1, $2, count(*), $3, $4 FROM stages WHERE run_id = $1
            """,
            run,
            stage.Stage,
            LedgerText.Time(now),
            record
        );

    private static void Write(SqliteConnection connection, string run, FeaturesReady features, long record) =>
        connection.Execute(
            "INSERT INTO features (run_id, stage, key, from_cache, sha256, record) VALUES ($1, $2, $3, $4, $5, $6)",
            run,
            features.Stage,
            features.Key,
            features.FromCache,
            features.Sha256,
            record
        );

    private static void Write(SqliteConnection connection, string run, EpochEnded epoch, long record) =>
        connection.Execute(
            """
            INSERT INTO epochs (
                run_id, stage, epoch,
                train_loss, train_accuracy, train_macro_f1, train_balanced_accuracy,
                validation_loss, validation_accuracy, validation_macro_f1, validation_balanced_accuracy,
                learning_rate, seconds, images_per_second, is_best, order_sha256, state_sha256, record)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            """,
            run,
            epoch.Stage,
            epoch.Epoch,
            epoch.Train?.Loss,
            epoch.Train?.Accuracy,
            epoch.Train?.MacroF1,
            epoch.Train?.BalancedAccuracy,
            epoch.Validation.Loss,
            epoch.Validation.Accuracy,
            epoch.Validation.MacroF1,
            epoch.Validation.BalancedAccuracy,
            epoch.LearningRate,
            epoch.Seconds,
            epoch.ImagesPerSecond,
            epoch.IsBest,
            epoch.OrderSha256,
            epoch.StateSha256,
            record
        );

    private static void Write(SqliteConnection connection, string run, Checkpoint checkpoint, long record) =>
        connection.Execute(
            """
            INSERT INTO checkpoints (
                run_id, number, stage, epoch, step, path, sha256, bytes, best_path, best_sha256, best_bytes, record)
            SELECT $1, count(*), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM checkpoints WHERE run_id = $1
            """,
            run,
            checkpoint.Stage,
            checkpoint.Epoch,
            checkpoint.Step,
            checkpoint.State.Path,
            checkpoint.State.Sha256,
            checkpoint.State.Bytes,
            checkpoint.Best?.Path,
            checkpoint.Best?.Sha256,
            checkpoint.Best?.Bytes,
            record
        );

    private static void Write(SqliteConnection connection, string run, ArtifactWritten artifact, long record) =>
        connection.Execute(
            """
            INSERT INTO artifacts (run_id, path, number, stage, name, sha256, bytes, record)
            SELECT $1, $2, count(*), $3, $4, $5, $6, $7 FROM artifacts WHERE run_id = $1 AND path = $2
            HAVING NOT EXISTS (
                SELECT 1 FROM artifacts AS last WHERE run_id = $1 AND path = $2 AND sha256 = $5
                AND number = (SELECT max(number) FROM artifacts WHERE run_id = $1 AND path = $2))
            """,
            run,
            artifact.Path,
            artifact.Stage,
            artifact.Name,
            artifact.Sha256,
            artifact.Bytes,
            record
        );

    private static void Write(
        SqliteConnection connection,
        string run,
        StageEnded ended,
        DateTimeOffset now,
        long record
    ) =>
        connection.Execute(
            """
            INSERT INTO stage_ends (
                run_id, stage, ended_at, kept_epoch, stopped_early, loss, accuracy, macro_f1, balanced_accuracy,
                record)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            run,
            ended.Stage,
            LedgerText.Time(now),
            ended.KeptEpoch,
            ended.StoppedEarly,
            ended.Kept.Loss,
            ended.Kept.Accuracy,
            ended.Kept.MacroF1,
            ended.Kept.BalancedAccuracy,
            record
        );

    // Truth and patient are the planned image's own. Where the image is unknown, truth is NULL and the row refused.
    private static void Write(SqliteConnection connection, string run, List<ImagePredicted> predictions, long record) =>
        connection.ExecuteForEach(
            """
            INSERT INTO predictions (run_id, stage, image, truth, predicted, patient, probabilities, record)
            SELECT $1, $2, $3, images.class, $4, images.patient, $5, $6
            FROM (SELECT 1) LEFT JOIN images ON images.run_id = $1 AND images.image = $3
            """,
            predictions,
            p =>
                [
                    run,
                    p.Stage,
                    p.Image,
                    ConfusionMatrix.Predicted([.. p.Probabilities]),
                    LedgerText.Probabilities(p.Probabilities),
                    record,
                ]
        );
}
