using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;

namespace BreakHis.Reports;

/// <summary>A run in the report.</summary>
/// <param name="Index">The index in the report; 0 is the baseline.</param>
/// <param name="Label">The name of the run in the report.</param>
/// <param name="Results">The results of each stage in order, on validation images and then on test images.</param>
internal sealed record RunResult(
    RecordedRun Run,
    int Index,
    string Label,
    IReadOnlyList<StageResult> Results,
    IReadOnlyList<PlannedImage> Validation
)
{
    /// <summary>The letter of the run in the report: A, B ... Z, AA.</summary>
    public string Letter => Lettered(Index);

    /// <summary>The number of known patients with validation images.</summary>
    public int ValidationPatients { get; } = KnownPatients.Count(Validation.Select(image => image.Patient));

    /// <summary>The results on the validation images, one per stage.</summary>
    public IReadOnlyList<StageResult> Stages { get; } = [.. Results.Where(result => result.Side == Side.Validation)];

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
                        [.. run.Stages.SelectMany(stage => StageResult.Of(run, stage))],
                        [.. run.Images.Where(image => image.Side == Side.Validation)]
                    )
            ),
        ];
    }

    /// <summary>Returns the result of a stage on a side, or null.</summary>
    public StageResult? Result(string stage, Side side) =>
        Results.FirstOrDefault(result => result.Stage.Name == stage && result.Side == side);

    /// <summary>Returns the result of a stage on the validation images, or null.</summary>
    public StageResult? Stage(string name) => Result(name, Side.Validation);

    private static string Lettered(int index) =>
        (index < 26 ? "" : Lettered(index / 26 - 1)) + (char)('A' + index % 26);
}
