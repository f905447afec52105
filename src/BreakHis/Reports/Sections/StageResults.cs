using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Runs;
using BreakHis.Statistics;

namespace BreakHis.Reports.Sections;

/// <summary>What a stage's predictions say: confusion matrix, classes, magnifications, patients, worst mistakes.</summary>
internal static class StageResults
{
    private const int WorstMistakes = 10;

    public static Model Of(IReadOnlyList<RunResult> runs) =>
        new()
        {
            ["several"] = runs.Count > 1,
            ["results"] = runs.SelectMany(run =>
                    run.Stages.Where(stage => stage.Verdicts.Count > 0).Select(stage => Result(run, stage))
                )
                .ToList(),
        };

    private static Model Result(RunResult run, StageResult stage) =>
        new()
        {
            ["id"] =
                $"result-{Numbers.Plain(run.Index + 1)}-{Numbers.Plain(run.Stages.TakeWhile(s => s != stage).Count() + 1)}",
            ["letter"] = run.Letter,
            ["colour"] = Palette.Colour(run.Index),
            ["stage"] = stage.Title,
            ["is_last"] = stage == run.Stages.Last(s => s.Verdicts.Count > 0),
            ["images"] = Numbers.Count(stage.Verdicts.Count),
            ["correct"] = Numbers.Count(stage.Verdicts.Count(verdict => verdict.Correct)),
            ["classes"] = run.Run.Classes.Select(Heat.Name).ToList(),
            ["confusion"] = run.Run.Classes.Select((name, c) => ConfusionRow(name, c, stage.Matrix)).ToList(),
            ["totals"] = run.Run.Classes.Select((_, c) => Numbers.Count(stage.Matrix.Predictions(c))).ToList(),
            ["total"] = Numbers.Count(stage.Matrix.Total),
            ["by_class"] = run.Run.Classes.Select((name, c) => ByClass(name, c, stage.Matrix)).ToList(),
            ["by_magnification"] = ByMagnification(stage),
            ["patients"] = PatientResults.Of(run, stage),
            ["mistakes"] = Mistakes(run, stage),
            ["mistake_count"] = Numbers.Count(stage.Verdicts.Count(verdict => !verdict.Correct)),
        };

    private static Model ConfusionRow(string name, int truth, ConfusionMatrix matrix)
    {
        int total = matrix.Truths(truth);
        return new()
        {
            ["name"] = Heat.Name(name),
            ["total"] = Numbers.Count(total),
            ["cells"] = matrix
                .Counts[truth]
                .Select(
                    (count, predicted) =>
                        new Model
                        {
                            ["count"] = Numbers.Count(count),
                            ["is_zero"] = count == 0,
                            ["share"] = total == 0 ? "" : Numbers.Percent((double)count / total),
                            ["heat"] = Heat.Of(total == 0 ? 0 : (double)count / total, truth == predicted),
                        }
                )
                .ToList(),
        };
    }

    private static Model ByClass(string name, int c, ConfusionMatrix matrix) =>
        new()
        {
            ["name"] = Heat.Name(name),
            ["precision"] = matrix.Predictions(c) == 0 ? Numbers.None : Numbers.Percent(matrix.Precision(c)),
            ["recall"] = matrix.Truths(c) == 0 ? Numbers.None : Numbers.Percent(matrix.Recall(c)),
            ["f1"] = matrix.Truths(c) + matrix.Predictions(c) == 0 ? Numbers.None : Numbers.Decimal(matrix.F1(c)),
            ["truths"] = Numbers.Count(matrix.Truths(c)),
            ["predictions"] = Numbers.Count(matrix.Predictions(c)),
        };

    private static List<Model> ByMagnification(StageResult stage) =>
        [
            .. stage
                .Verdicts.GroupBy(verdict => verdict.Image.Magnification)
                .OrderBy(group => group.Key)
                .Select(group =>
                {
                    int correct = group.Count(verdict => verdict.Correct);
                    var interval = ShareStatistics.Wilson(correct, group.Count());
                    var patients = ShareStatistics.ByGroup(
                        group.Where(v => v.Image.Patient != "").Select(v => (v.Image.Patient, v.Correct))
                    );
                    return new Model
                    {
                        ["name"] = group.Key == 0 ? "not known" : $"{Numbers.Plain(group.Key)}×",
                        ["images"] = Numbers.Count(group.Count()),
                        ["rate"] = Numbers.Percent((double)correct / group.Count()),
                        ["interval"] = $"{Numbers.Percent(interval.Low)} to {Numbers.Percent(interval.High)}",
                        ["patients"] = patients.Count == 0 ? Numbers.None : Numbers.Count(patients.Count),
                        ["patient_rate"] =
                            patients.Count == 0
                                ? Numbers.None
                                : Numbers.Percent(ShareStatistics.PatientRecognitionRate(patients)),
                    };
                }),
        ];

    private static List<Model> Mistakes(RunResult run, StageResult stage) =>
        [
            .. stage
                .Verdicts.Where(verdict => !verdict.Correct)
                .OrderByDescending(verdict => verdict.Probability)
                .ThenBy(verdict => verdict.Image.Path, StringComparer.Ordinal)
                .Take(WorstMistakes)
                .Select(verdict => new Model
                {
                    ["path"] = verdict.Image.Path,
                    ["truth"] = run.Run.Classes[verdict.Image.Class],
                    ["predicted"] = run.Run.Classes[verdict.Predicted],
                    ["p"] = Numbers.Probability(verdict.Probability),
                }),
        ];
}
