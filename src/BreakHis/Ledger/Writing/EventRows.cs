using System.Diagnostics;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Writing;

/// <summary>Writes the events of a run as rows.</summary>
internal static class EventRows
{
    /// <summary>Returns the stored name of an event's record, which does not depend on the type's name.</summary>
    public static string KindOf(RunEvent runEvent) =>
        runEvent switch
        {
            StageStarted => "stage_started",
            FeaturesReady => "features_ready",
            EpochEnded => "epoch_ended",
            CheckpointWritten => "checkpoint_written",
            ArtifactWritten => "artifact_written",
            StageEnded => "stage_ended",
            _ => throw new UnreachableException($"{runEvent.GetType().Name} cannot be stored in the ledger"),
        };

    /// <summary>Adds the rows of an event, within the caller's transaction.</summary>
    /// <param name="predictions">The stage's predictions, written at the end of the stage.</param>
    /// <param name="record">The record that the rows belong to.</param>
    public static void Write(
        SqliteConnection connection,
        string run,
        RunEvent runEvent,
        List<ImagePredicted> predictions,
        DateTimeOffset now,
        long record
    )
    {
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
                WriteTest(connection, run, ended, record);
                Write(connection, run, predictions, record);
                break;
            default:
                throw new UnreachableException($"{runEvent.GetType().Name} cannot be stored in the ledger");
        }
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

    private static void WriteTest(SqliteConnection connection, string run, StageEnded ended, long record)
    {
        if (ended.Test is Scores scores)
        {
            connection.Execute(
                """
                INSERT INTO test_scores (run_id, stage, loss, accuracy, macro_f1, balanced_accuracy, record)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                run,
                ended.Stage,
                scores.Loss,
                scores.Accuracy,
                scores.MacroF1,
                scores.BalancedAccuracy,
                record
            );
        }
    }

    private static void Write(SqliteConnection connection, string run, List<ImagePredicted> predictions, long record)
    {
        HashSet<int> test =
        [
            .. connection.Query("SELECT image FROM test_images WHERE run_id = $1", row => row.GetInt32(0), run),
        ];
        Write(connection, ("images", "predictions"), run, predictions.Where(p => !test.Contains(p.Image)), record);
        Write(
            connection,
            ("test_images", "test_predictions"),
            run,
            predictions.Where(p => test.Contains(p.Image)),
            record
        );
    }

    // True class and patient come from the planned image. For an unknown image the true class is NULL, and the row is
    // rejected.
    private static void Write(
        SqliteConnection connection,
        (string Images, string Predictions) tables,
        string run,
        IEnumerable<ImagePredicted> predictions,
        long record
    ) =>
        connection.ExecuteForEach(
            $"""
            INSERT INTO {tables.Predictions} (run_id, stage, image, truth, predicted, patient, probabilities, record)
            SELECT $1, $2, $3, images.class, $4, images.patient, $5, $6
            FROM (SELECT 1) LEFT JOIN {tables.Images} AS images ON images.run_id = $1 AND images.image = $3
            """,
            predictions,
            p => [run, p.Stage, p.Image, p.Predicted, LedgerText.Probabilities(p.Probabilities), record]
        );
}
