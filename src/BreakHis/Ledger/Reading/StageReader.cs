using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>Reads a run's stages from the ledger.</summary>
internal static class StageReader
{
    private const string Columns = """
        SELECT stages.stage, started_at, ended_at, kept_epoch, stopped_early,
            stage_ends.loss, stage_ends.accuracy, stage_ends.macro_f1, stage_ends.balanced_accuracy,
            test_scores.loss, test_scores.accuracy, test_scores.macro_f1, test_scores.balanced_accuracy
        FROM stages
        LEFT JOIN stage_ends ON stage_ends.run_id = stages.run_id AND stage_ends.stage = stages.stage
        LEFT JOIN test_scores ON test_scores.run_id = stages.run_id AND test_scores.stage = stages.stage
        WHERE stages.run_id = $1
        """;

    public static List<RecordedStage> Stages(SqliteConnection connection, string run) =>
        [.. StagesWithoutPredictions(connection, run).Select(stage => WithPredictions(connection, run, stage))];

    /// <summary>Returns the stages, for callers that do not need predictions.</summary>
    public static List<RecordedStage> StagesWithoutPredictions(SqliteConnection connection, string run) =>
        connection.Query(Columns + " ORDER BY number", row => Stage(connection, run, row), run);

    /// <summary>Returns a stage, or null if it has not started.</summary>
    public static RecordedStage? Stage(SqliteConnection connection, string run, string stage) =>
        connection
            .Query(Columns + " AND stages.stage = $2", row => Stage(connection, run, row), run, stage)
            .FirstOrDefault()
            is { } found
            ? WithPredictions(connection, run, found)
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
            row.IsDBNull(2)
                ? null
                : new StageEnded(stage, row.GetInt32(3), row.GetBoolean(4), Scores(row, 5))
                {
                    Test = row.IsDBNull(10) ? null : Scores(row, 9),
                }
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

    private static RecordedStage WithPredictions(SqliteConnection connection, string run, RecordedStage stage) =>
        stage with
        {
            Predictions = Predictions(connection, "predictions", run, stage.Name),
            TestPredictions = Predictions(connection, "test_predictions", run, stage.Name),
        };

    private static List<ImagePredicted> Predictions(
        SqliteConnection connection,
        string table,
        string run,
        string stage
    ) =>
        connection.Query(
            $"SELECT image, probabilities FROM {table} WHERE run_id = $1 AND stage = $2 ORDER BY image",
            row => new ImagePredicted(stage, row.GetInt32(0), LedgerText.Probabilities(row.GetString(1))),
            run,
            stage
        );
}
