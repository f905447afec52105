using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Statistics;

namespace BreakHis.Reports;

/// <summary>A validation image with its prediction.</summary>
/// <param name="Predicted">The index of the most probable class, the first one if several are equal.</param>
/// <param name="Probability">The probability of that class.</param>
internal sealed record ClassifiedImage(PlannedImage Image, int Predicted, double Probability)
{
    public bool Correct => Predicted == Image.Class;
}

/// <summary>A stage with the results of its predictions.</summary>
/// <param name="Classified">One item per predicted validation image; empty if the stage has not ended.</param>
internal sealed record StageResult(
    RecordedStage Stage,
    IReadOnlyList<ClassifiedImage> Classified,
    ConfusionMatrix Matrix
)
{
    /// <summary>The stage's name as a title: fine_tune becomes "Fine-tune".</summary>
    public string Title => Titled(Stage.Name);

    /// <summary>
    /// The kept scores, or the last epoch's if the stage has not ended; null before the end of the first epoch.
    /// </summary>
    public Scores? Scores => Stage.End?.Kept ?? (Stage.Epochs is [.., var last] ? last.Validation : null);

    /// <summary>The number of trained epochs, without epoch 0, which precedes the first update.</summary>
    public int EpochsTrained => Stage.Epochs.Count(epoch => epoch.Epoch > 0);

    /// <summary>One result per known patient.</summary>
    public IReadOnlyList<GroupResult> Patients =>
        ShareStatistics.ByGroup(Classified.Where(v => v.Image.Patient != "").Select(v => (v.Image.Patient, v.Correct)));

    public static StageResult Of(RecordedRun run, RecordedStage stage)
    {
        ClassifiedImage[] verdicts = [.. stage.Predictions.Select(prediction => Judge(run, prediction))];
        var matrix = ConfusionMatrix.Of(run.Classes.Count, verdicts.Select(v => (v.Image.Class, v.Predicted)));
        return new StageResult(stage, verdicts, matrix);
    }

    private static ClassifiedImage Judge(RecordedRun run, ImagePredicted prediction)
    {
        int predicted = prediction.Predicted;
        return new ClassifiedImage(run.Images[prediction.Image], predicted, prediction.Probabilities[predicted]);
    }

    private static string Titled(string name) =>
        name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', '-');
}

/// <summary>A run in the report.</summary>
/// <param name="Index">The index in the report; 0 is the baseline.</param>
/// <param name="Label">The name of the run in the report.</param>
internal sealed record RunResult(
    RecordedRun Run,
    int Index,
    string Label,
    IReadOnlyList<StageResult> Stages,
    IReadOnlyList<PlannedImage> Validation
)
{
    /// <summary>The letter of the run in the report: A, B ... Z, AA.</summary>
    public string Letter => Lettered(Index);

    /// <summary>The number of known patients with validation images.</summary>
    public int ValidationPatients { get; } = KnownPatients.Count(Validation.Select(image => image.Patient));

    /// <summary>
    /// The class with the most validation images, the first one if several are equal; null without images.
    /// </summary>
    public int? LargestClass { get; } =
        Validation
            .CountBy(image => image.Class)
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key)
            .Select(c => (int?)c.Key)
            .FirstOrDefault();

    /// <summary>The accuracy of always predicting the largest class; NaN without images.</summary>
    public double LargestClassShare =>
        (double)Validation.Count(image => image.Class == LargestClass) / Validation.Count;

    /// <summary>The last stage with predictions, or null.</summary>
    public StageResult? Last => Stages.LastOrDefault(stage => stage.Classified.Count > 0);

    /// <summary>Returns the runs of a report.</summary>
    public static IReadOnlyList<RunResult> Of(IReadOnlyList<RecordedRun> runs)
    {
        IReadOnlyList<string> labels = RunNames.Of(runs);
        return
        [
            .. runs.Select(
                (run, index) =>
                    new RunResult(
                        run,
                        index,
                        labels[index],
                        [.. run.Stages.Select(stage => StageResult.Of(run, stage))],
                        [.. run.Images.Where(image => image.Side == Side.Validation)]
                    )
            ),
        ];
    }

    /// <summary>Returns the stage with the given name, or null.</summary>
    public StageResult? Stage(string name) => Stages.FirstOrDefault(stage => stage.Stage.Name == name);

    private static string Lettered(int index) =>
        (index < 26 ? "" : Lettered(index / 26 - 1)) + (char)('A' + index % 26);
}
