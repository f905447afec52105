using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Statistics;
using BreakHis.Wording;

namespace BreakHis.Reports;

/// <summary>A stage with the results of its predictions on one side.</summary>
/// <param name="Side">The side: validation or test.</param>
/// <param name="Classified">One item per predicted image; empty if the stage has not ended.</param>
internal sealed record StageResult(
    RecordedStage Stage,
    Side Side,
    IReadOnlyList<PlannedImage> Images,
    IReadOnlyList<ClassifiedImage> Classified,
    ConfusionMatrix Matrix
)
{
    /// <summary>The stage's name as a title: fine_tune becomes "Fine-tune", or "Fine-tune, test images".</summary>
    public string Title => Titled(Stage.Name) + (Side == Side.Test ? ", test images" : "");

    /// <summary>
    /// The scores of the kept weights. On validation images, if the stage has not ended, the last epoch's scores, or null
    /// before the end of the first epoch; on test images, if the stage has not ended, null.
    /// </summary>
    public Scores? Scores =>
        Side == Side.Test
            ? Stage.End?.Test
            : Stage.End?.Kept ?? (Stage.Epochs is [.., var last] ? last.Validation : null);

    /// <summary>The number of known patients with images on the side.</summary>
    public int PatientCount => KnownPatients.Count(Images.Select(image => image.Patient));

    /// <summary>
    /// The class with the most images on the side, the first one if several are equal; null without images.
    /// </summary>
    public int? LargestClass =>
        Images
            .CountBy(image => image.Class)
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key)
            .Select(c => (int?)c.Key)
            .FirstOrDefault();

    /// <summary>The accuracy of always predicting the largest class; NaN without images.</summary>
    public double LargestClassShare => (double)Images.Count(image => image.Class == LargestClass) / Images.Count;

    /// <summary>The number of trained epochs, without epoch 0, which precedes the first update.</summary>
    public int EpochsTrained => Stage.Epochs.Count(epoch => epoch.Epoch > 0);

    /// <summary>One result per known patient.</summary>
    public IReadOnlyList<GroupResult> Patients =>
        ShareStatistics.ByGroup(
            Classified.Where(v => v.Image.Patient.Length > 0).Select(v => (v.Image.Patient, v.Correct))
        );

    /// <summary>Returns a stage's results on the validation images, and on the test images if it has any.</summary>
    public static IEnumerable<StageResult> Of(RecordedRun run, RecordedStage stage)
    {
        yield return Of(run, stage, Side.Validation, stage.Predictions);
        if (stage.End?.Test is not null)
        {
            yield return Of(run, stage, Side.Test, stage.TestPredictions);
        }
    }

    private static StageResult Of(
        RecordedRun run,
        RecordedStage stage,
        Side side,
        IReadOnlyList<ImagePredicted> predictions
    )
    {
        ClassifiedImage[] classified = [.. predictions.Select(prediction => Judge(run, prediction))];
        var matrix = ConfusionMatrix.Of(run.Classes.Count, classified.Select(v => (v.Image.Class, v.Predicted)));
        return new StageResult(stage, side, [.. run.Images.Where(image => image.Side == side)], classified, matrix);
    }

    private static ClassifiedImage Judge(RecordedRun run, ImagePredicted prediction)
    {
        int predicted = prediction.Predicted;
        return new ClassifiedImage(run.Images[prediction.Image], predicted, prediction.Probabilities[predicted]);
    }

    /// <summary>Returns a stage's name as a title: fine_tune becomes "Fine-tune".</summary>
    internal static string Titled(string name) => Capital.First(name.Replace('_', '-'));
}
