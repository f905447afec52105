using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Statistics;

namespace BreakHis.Reports;

/// <summary>A validation image and what the network said of it.</summary>
/// <param name="Predicted">Index of the most probable class, the first where several are.</param>
/// <param name="Probability">Its probability.</param>
internal sealed record ClassifiedImage(PlannedImage Image, int Predicted, double Probability)
{
    public bool Correct => Predicted == Image.Class;
}

/// <summary>A stage and what follows from its predictions.</summary>
/// <param name="Classified">One a predicted validation image; none where the stage has not ended.</param>
/// <param name="Matrix">Their confusion matrix.</param>
internal sealed record StageResult(
    RecordedStage Stage,
    IReadOnlyList<ClassifiedImage> Classified,
    ConfusionMatrix Matrix
)
{
    /// <summary>The stage's name as a title: fine_tune is "Fine-tune".</summary>
    public string Title => Titled(Stage.Name);

    /// <summary>The kept scores, or the last epoch's where the stage has not ended; null before the first epoch ended.</summary>
    public Scores? Scores => Stage.End?.Kept ?? (Stage.Epochs is [.., var last] ? last.Validation : null);

    /// <summary>Epochs trained; epoch 0, before the first update, is none.</summary>
    public int EpochsTrained => Stage.Epochs.Count(epoch => epoch.Epoch > 0);

    /// <summary>One result a known patient.</summary>
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

/// <summary>A run of the report.</summary>
/// <param name="Index">Its place in the report; 0 is the baseline.</param>
/// <param name="Label">What to call it beside the others.</param>
/// <param name="Validation">The images validated on.</param>
internal sealed record RunResult(
    RecordedRun Run,
    int Index,
    string Label,
    IReadOnlyList<StageResult> Stages,
    IReadOnlyList<PlannedImage> Validation
)
{
    /// <summary>A, B ... Z, AA: how the report calls the run.</summary>
    public string Letter => Lettered(Index);

    /// <summary>Known patients validated on.</summary>
    public int ValidationPatients { get; } =
        Validation.Select(image => image.Patient).Where(p => p != "").Distinct(StringComparer.Ordinal).Count();

    /// <summary>The class with the most validation images, the first where several have; null without images.</summary>
    public int? LargestClass { get; } =
        Validation
            .CountBy(image => image.Class)
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key)
            .Select(c => (int?)c.Key)
            .FirstOrDefault();

    /// <summary>The share that always answering the largest class would get; NaN without images.</summary>
    public double LargestClassShare =>
        (double)Validation.Count(image => image.Class == LargestClass) / Validation.Count;

    /// <summary>The last stage with predictions, or null.</summary>
    public StageResult? Last => Stages.LastOrDefault(stage => stage.Classified.Count > 0);

    /// <summary>The runs of a report.</summary>
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

    /// <summary>The stage of that name, or null.</summary>
    public StageResult? Stage(string name) => Stages.FirstOrDefault(stage => stage.Stage.Name == name);

    private static string Lettered(int index) =>
        (index < 26 ? "" : Lettered(index / 26 - 1)) + (char)('A' + index % 26);
}
