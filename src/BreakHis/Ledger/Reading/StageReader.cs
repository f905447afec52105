using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>Reads a run's stages from the ledger.</summary>
internal static class StageReader
{
    private const string Columns = """
        SELECT stage, started_at, ended_at, kept_epoch, stopped_early, loss, accuracy, macro_f1, balanced_accuracy
        FROM stages LEFT JOIN stage_ends USING (run_id, stage) WHERE run_id = $1
        """;

    public static List<RecordedStage> Stages(SqliteConnection connection, string run) =>
        [
            .. StagesWithoutPredictions(connection, run)
                .Select(stage => stage with { Predictions = Predictions(connection, run, stage.Name) }),
        ];

    /// <summary>Returns the stages, for callers that do not need predictions.</summary>
    public static List<RecordedStage> StagesWithoutPredictions(SqliteConnection connection, string run) =>
        connection.Query(Columns + " ORDER BY number", row => Stage(connection, run, row), run);

    /// <summary>Returns a stage, or null if it has not started.</summary>
    public static RecordedStage? Stage(SqliteConnection connection, string run, string stage) =>
        connection.Query(Columns + " AND stage = $2", row => Stage(connection, run, row), run, stage).FirstOrDefault()
            is { } found
            ? found with
            {
                Predictions = Predictions(connection, run, stage),
            }
            : null;

    /// <summary>Returns an epoch, or null if it is not recorded.</summary>
    public static EpochEnded? Epoch(SqliteConnection connection, string run, string stage, int epoch) =>
        Epochs(connection, run, stage, epoch).FirstOrDefault();

    /// <summary>Reads loss, accuracy, macro F1 and balanced accuracy, starting at the given column.</summary>
    public static Scores Scores(SqliteDataReader row, int first) =>
        new(row.NumberOrNaN(first), row.GetDouble(first + 1), row.GetDouble(first + 2), row.GetDouble(first + 3));

    private static RecordedStage Stage(SqliteConnection connection, string run, SqliteDataReader row)
    {
        string stage = row.GetString(0);
        return new RecordedStage(
            stage,
            StartedAt: row.GetString(1),
            EndedAt: row.TextOrNull(2),
            Features(connection, run, stage),
            Epochs(connection, run, stage),
            [],
            row.IsDBNull(2) ? null : new StageEnded(stage, row.GetInt32(3), row.GetBoolean(4), Scores(row, 5))
        );
    }

    private static FeaturesReady? Features(SqliteConnection connection, string run, string stage) =>
        connection
            .Query(
                "SELECT key, from_cache, sha256 FROM features WHERE run_id = $1 AND stage = $2",
                row => new FeaturesReady(stage, row.GetString(0), row.GetBoolean(1), row.GetString(2)),
                run,
                stage
            )
            .FirstOrDefault();

    private static List<EpochEnded> Epochs(SqliteConnection connection, string run, string stage, int? epoch = null) =>
        connection.Query(
            """
            SELECT epoch, train_loss, train_accuracy, train_macro_f1, train_balanced_accuracy,
                validation_loss, validation_accuracy, validation_macro_f1, validation_balanced_accuracy,
                learning_rate, seconds, images_per_second, is_best, order_sha256, state_sha256
            FROM epochs WHERE run_id = $1 AND stage = $2 AND ($3 IS NULL OR epoch = $3) ORDER BY epoch
            """,
            row => new EpochEnded(
                stage,
                Epoch: row.GetInt32(0),
                Train: row.IsDBNull(2) ? null : Scores(row, 1),
                Validation: Scores(row, 5),
                LearningRate: row.GetDouble(9),
                Seconds: row.GetDouble(10),
                ImagesPerSecond: row.GetDouble(11),
                IsBest: row.GetBoolean(12),
                OrderSha256: row.TextOrNull(13),
                StateSha256: row.TextOrNull(14)
            ),
            run,
            stage,
            epoch
        );

    private static List<ImagePredicted> Predictions(SqliteConnection connection, string run, string stage) =>
        connection.Query(
            "SELECT image, probabilities FROM predictions WHERE run_id = $1 AND stage = $2 ORDER BY image",
            row => new ImagePredicted(stage, row.GetInt32(0), LedgerText.Probabilities(row.GetString(1))),
            run,
            stage
        );
}
