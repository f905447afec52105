using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks that predictions are possible, and that the scores of their stage follow from them.</summary>
internal static class PredictionsCheck
{
    /// <summary>Probabilities are stored as 32-bit floats.</summary>
    private const double SumTolerance = 1e-5;

    private const double LossTolerance = 1e-4;
    private const double ScoreTolerance = 1e-9;

    /// <summary>Below this value a float has lost digits, so the loss cannot be computed from it.</summary>
    private const float Least = 1e-30f;

    private static readonly Tables Validation = new(Side.Validation, "predictions", "stage_ends");
    private static readonly Tables Test = new(Side.Test, "test_predictions", "test_scores");

    /// <summary>Returns the checks for the validation images, and for the test images if there are any.</summary>
    public static IEnumerable<AuditEntry> Of(
        SqliteConnection connection,
        string run,
        int classes,
        IReadOnlyList<PlannedImage> images
    ) =>
        Of(connection, run, classes, images, Validation)
            .Concat(
                images.Any(image => image.Side == Side.Test) || HasScores(connection, run)
                    ? Of(connection, run, classes, images, Test)
                    : []
            );

    private static bool HasScores(SqliteConnection connection, string run) =>
        connection.Scalar<long>("SELECT count(*) FROM test_scores WHERE run_id = $1", run) > 0;

    private static IEnumerable<AuditEntry> Of(
        SqliteConnection connection,
        string run,
        int classes,
        IReadOnlyList<PlannedImage> images,
        Tables tables
    )
    {
        ILookup<string, Prediction> stages = connection
            .Query(
                $"SELECT stage, image, truth, predicted, patient, probabilities FROM {tables.Predictions} WHERE run_id = $1",
                row => new Prediction(
                    row.GetString(0),
                    row.GetInt32(1),
                    row.GetInt32(2),
                    row.GetInt32(3),
                    row.GetString(4),
                    LedgerText.Probabilities(row.GetString(5))
                ),
                run
            )
            .ToLookup(prediction => prediction.Stage, StringComparer.Ordinal);
        List<(string Stage, Scores Scores)> ends = connection.Query(
            $"SELECT stage, loss, accuracy, macro_f1, balanced_accuracy FROM {tables.Scores} WHERE run_id = $1",
            row => (Stage: row.GetString(0), Scores: StageReader.Scores(row, 1)),
            run
        );
        List<string> ended = connection.Query(
            "SELECT stage FROM stage_ends WHERE run_id = $1 ORDER BY stage",
            row => row.GetString(0),
            run
        );
        int expected = images.Count(image => image.Side == tables.Side);
        string[] impossible =
        [
            .. stages.SelectMany(stage => stage.SelectMany(p => Impossible(p, classes, images, tables))),
            .. ended
                .Where(stage => !ends.Exists(end => end.Stage == stage))
                .Select(stage => $"{tables.Scores}, stage {stage}: missing"),
            .. ends.Where(end => stages[end.Stage].Count() != expected)
                .Select(end =>
                    Invariant(
                        $"{tables.Predictions}, stage {end.Stage}: there are {stages[end.Stage].Count()}, but {expected} {Sides.Of(tables.Side)} images"
                    )
                ),
        ];
        IEnumerable<AuditEntry> checks = CheckResult
            .Of(
                impossible,
                $"{(tables.Side == Side.Test ? "test images: " : "")}probabilities sum to one, the predicted class has the largest probability, truth and patient match the image"
            )
            .As(AuditLevel.Record, "predictions", run);
        return impossible.Length > 0
            ? checks.Append(
                CheckResult
                    .Inconclusive("nothing can be computed from invalid predictions")
                    .As(AuditLevel.Record, "scores", run)
            )
            : checks.Concat(
                ends.SelectMany(end => Scores(run, end.Stage, end.Scores, classes, [.. stages[end.Stage]], tables))
            );
    }

    private static IEnumerable<string> Impossible(
        Prediction prediction,
        int classes,
        IReadOnlyList<PlannedImage> images,
        Tables tables
    )
    {
        (_, int index, int truth, int predicted, string patient, float[] probabilities) = prediction;
        string at = Invariant($"{tables.Predictions}, stage {prediction.Stage}, image {index}");
        PlannedImage? image = index >= 0 && index < images.Count ? images[index] : null;
        if (image?.Side != tables.Side)
        {
            yield return $"{at}: is not a {Sides.Of(tables.Side)} image";
        }
        else if (truth != image.Class || patient != image.Patient)
        {
            yield return $"{at}: truth or patient does not match the image";
        }

        if (probabilities.Length != classes)
        {
            yield return Invariant(
                $"{at}: has {Plural.Of(probabilities.Length, "probability", "probabilities")}, but there are {classes} classes"
            );
        }
        else if (!Array.TrueForAll(probabilities, p => p is >= 0 and <= 1))
        {
            yield return $"{at}: probabilities are not between 0 and 1";
        }
        else if (Math.Abs(probabilities.Sum(p => (double)p) - 1) > SumTolerance)
        {
            yield return $"{at}: probabilities do not sum to one";
        }
        else if (predicted != ImagePredicted.MostProbable(probabilities))
        {
            yield return $"{at}: predicted is not the class with the largest probability";
        }
    }

    private static IEnumerable<AuditEntry> Scores(
        string run,
        string stage,
        Scores recorded,
        int classes,
        Prediction[] predictions,
        Tables tables
    )
    {
        string on = tables.Side == Side.Test ? " for the test images" : "";
        var matrix = ConfusionMatrix.Of(classes, predictions.Select(p => (p.Truth, p.Predicted)));
        (string Name, double Recorded, double Computed)[] scores =
        [
            ("accuracy", recorded.Accuracy, matrix.Accuracy),
            ("macro_f1", recorded.MacroF1, matrix.MacroF1),
            ("balanced_accuracy", recorded.BalancedAccuracy, matrix.BalancedAccuracy),
        ];
        List<string> findings =
        [
            .. scores
                .Where(score => !(Math.Abs(score.Recorded - score.Computed) <= ScoreTolerance))
                .Select(score => Finding(tables, stage, score.Name, score.Recorded, score.Computed)),
        ];
        bool canTell = predictions.Length > 0 && Array.TrueForAll(predictions, p => p.Probabilities[p.Truth] >= Least);
        double loss = canTell ? -predictions.Average(p => Math.Log(p.Probabilities[p.Truth])) : double.NaN;
        if (canTell && !(Math.Abs(recorded.Loss - loss) <= LossTolerance * Math.Max(0.01, loss)))
        {
            findings.Add(Finding(tables, stage, "loss", recorded.Loss, loss));
        }

        IEnumerable<AuditEntry> checks = CheckResult
            .Of(findings, $"the scores of {stage} match its predictions{on}")
            .As(AuditLevel.Record, "scores", run);
        return canTell
            ? checks
            : checks.Append(
                CheckResult
                    .Inconclusive(
                        $"the loss of {stage}{on} cannot be computed: there are no predictions, or a probability is too small"
                    )
                    .As(AuditLevel.Record, "scores", run)
            );
    }

    private static string Finding(Tables tables, string stage, string name, double recorded, double computed) =>
        $"{tables.Scores}, stage {stage}: {name} is {Digits.InFull(recorded)}, but {Digits.InFull(computed)} from the predictions";

    private sealed record Tables(Side Side, string Predictions, string Scores);

    private sealed record Prediction(
        string Stage,
        int Image,
        int Truth,
        int Predicted,
        string Patient,
        float[] Probabilities
    );
}
