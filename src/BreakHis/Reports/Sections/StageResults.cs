using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Runs;
using BreakHis.Statistics;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>The results of a stage: confusion matrix, classes, magnifications, patients, worst errors.</summary>
internal static class StageResults
{
    private const int WorstMistakes = 10;

    /// <summary>The most classes of a confusion matrix that is drawn: it has a cell for each pair.</summary>
    private const int MostDrawn = 100;

    public static TemplateModel Of(IReadOnlyList<RunResult> runs) =>
        new()
        {
            ["several"] = runs.Count > 1,
            ["results"] = runs.SelectMany(run =>
                    run.Results.Where(stage => stage.Classified.Count > 0).Select(stage => Result(run, stage))
                )
                .ToList(),
        };

    private static TemplateModel Result(RunResult run, StageResult stage) =>
        new()
        {
            ["id"] =
                $"result-{Digits.Of(run.Index + 1)}-{Digits.Of(run.Results.TakeWhile(s => s != stage).Count() + 1)}",
            ["letter"] = run.Letter,
            ["colour"] = SeriesStyle.Colour(run.Index),
            ["stage"] = stage.Title,
            ["is_last"] = stage == run.Results.Last(s => s.Classified.Count > 0),
            ["correct"] = NumberFormat.Part(
                stage.Classified.Count(classified => classified.Correct),
                stage.Classified.Count,
                "image"
            ),
            ["classes"] = run.Run.Classes.Select(ClassLabel.Pieces).ToList(),
            ["most_drawn"] = Digits.Of(MostDrawn),
            ["confusion"] =
                run.Run.Classes.Count > MostDrawn
                    ? null
                    : run
                        .Run.Classes.Select((name, c) => ConfusionRow(name, c, run.Run.Classes.Count, stage.Matrix))
                        .ToList(),
            ["totals"] = run.Run.Classes.Select((_, c) => NumberFormat.Count(stage.Matrix.Predictions(c))).ToList(),
            ["total"] = NumberFormat.Count(stage.Matrix.Total),
            ["by_class"] = run.Run.Classes.Select((name, c) => ByClass(name, c, stage.Matrix)).ToList(),
            ["by_magnification"] = ByMagnification(stage),
            ["patients"] = PatientResults.Of(run, stage),
            ["mistakes"] = Mistakes(run, stage),
            ["mistake_count"] = MistakeCount(stage.Classified.Count(classified => !classified.Correct)),
        };

    private static TemplateModel ConfusionRow(string name, int truth, int classes, ConfusionMatrix matrix)
    {
        int total = matrix.Truths(truth);
        return new()
        {
            ["name"] = ClassLabel.Pieces(name),
            ["total"] = NumberFormat.Count(total),
            ["cells"] = Enumerable
                .Range(0, classes)
                .Select(predicted =>
                {
                    int count = matrix.Count(truth, predicted);
                    return new TemplateModel
                    {
                        ["count"] = NumberFormat.Count(count),
                        ["is_zero"] = count == 0,
                        ["share"] = total == 0 ? "" : NumberFormat.Percent((double)count / total),
                        ["heat"] = HeatmapCell.Of(total == 0 ? 0 : (double)count / total, truth == predicted),
                    };
                })
                .ToList(),
        };
    }

    private static TemplateModel ByClass(string name, int c, ConfusionMatrix matrix) =>
        new()
        {
            ["name"] = ClassLabel.Pieces(name),
            ["precision"] = matrix.Predictions(c) == 0 ? NumberFormat.None : NumberFormat.Percent(matrix.Precision(c)),
            ["recall"] = matrix.Truths(c) == 0 ? NumberFormat.None : NumberFormat.Percent(matrix.Recall(c)),
            ["f1"] =
                matrix.Truths(c) + matrix.Predictions(c) == 0 ? NumberFormat.None : NumberFormat.Decimal(matrix.F1(c)),
            ["truths"] = NumberFormat.Count(matrix.Truths(c)),
            ["predictions"] = NumberFormat.Count(matrix.Predictions(c)),
        };

    private static List<TemplateModel> ByMagnification(StageResult stage) =>
        [
            .. stage
                .Classified.GroupBy(classified => classified.Image.Magnification)
                .OrderBy(group => group.Key)
                .Select(group =>
                {
                    int correct = group.Count(classified => classified.Correct);
                    Interval interval = ShareStatistics.Wilson(correct, group.Count());
                    IReadOnlyList<GroupResult> patients = ShareStatistics.ByGroup(
                        group.Where(v => v.Image.Patient.Length > 0).Select(v => (v.Image.Patient, v.Correct))
                    );
                    return new TemplateModel
                    {
                        ["name"] = group.Key == 0 ? "unknown" : $"{Digits.Of(group.Key)}×",
                        ["images"] = NumberFormat.Count(group.Count()),
                        ["rate"] = NumberFormat.Percent((double)correct / group.Count()),
                        ["interval"] = $"{NumberFormat.Percent(interval.Low)} to {NumberFormat.Percent(interval.High)}",
                        ["patients"] = patients.Count == 0 ? NumberFormat.None : NumberFormat.Count(patients.Count),
                        ["patient_rate"] =
                            patients.Count == 0
                                ? NumberFormat.None
                                : NumberFormat.Percent(ShareStatistics.PatientRecognitionRate(patients)),
                    };
                }),
        ];

    private static string MistakeCount(int count) =>
        NumberFormat.Part(Math.Min(count, WorstMistakes), count, "wrongly classified image");

    private static List<TemplateModel> Mistakes(RunResult run, StageResult stage) =>
        [
            .. stage
                .Classified.Where(classified => !classified.Correct)
                .OrderByDescending(classified => classified.Probability)
                .ThenBy(classified => classified.Image.Path, StringComparer.Ordinal)
                .Take(WorstMistakes)
                .Select(classified => new TemplateModel
                {
                    ["path"] = classified.Image.Path,
                    ["truth"] = run.Run.Classes[classified.Image.Class],
                    ["predicted"] = run.Run.Classes[classified.Predicted],
                    ["p"] = NumberFormat.Probability(classified.Probability),
                }),
        ];
}
