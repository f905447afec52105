using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;
using BreakHis.Statistics;

namespace BreakHis.Reports.Sections;

/// <summary>The patients' scores: mean, a dot plot per class, and a table.</summary>
internal static class PatientResults
{
    private const double Left = 4;
    private const double Right = 316;
    private const double Dot = 3.4;
    private const double Row = 34;
    private const double Columns = 41;

    public static TemplateModel? Of(RunResult run, StageResult stage)
    {
        IReadOnlyList<GroupResult> patients = stage.Patients;
        if (patients.Count == 0)
        {
            return null;
        }

        var classes = stage
            .Classified.GroupBy(classified => classified.Image.Patient, StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => group.Select(classified => classified.Image.Class).Distinct().Order().ToArray(),
                StringComparer.Ordinal
            );
        return new()
        {
            ["count"] = NumberFormat.Count(patients.Count, "patient"),
            ["rate"] = NumberFormat.Percent(ShareStatistics.PatientRecognitionRate(patients)),
            ["whole"] = NumberFormat.Count(patients.Count(patient => patient.Correct == patient.Images), "patient"),
            ["none"] = NumberFormat.Count(patients.Count(patient => patient.Correct == 0), "patient"),
            ["unknown"] = stage.Classified.Count(classified => classified.Image.Patient.Length == 0) is > 0 and var n
                ? NumberFormat.Count(n, "image")
                : null,
            ["rows"] = patients
                .OrderBy(patient => patient.Rate)
                .ThenBy(p => p.Name, StringComparer.Ordinal)
                .Select(patient => Patient(patient, Names(run, classes[patient.Name])))
                .ToList(),
            ["strips"] = run
                .Run.Classes.Select((name, c) => Strip(name, [.. patients.Where(p => classes[p.Name].Contains(c))]))
                .ToList(),
        };
    }

    private static string Names(RunResult run, int[] classes) =>
        string.Join(", ", classes.Select(c => run.Run.Classes[c]));

    private static TemplateModel Patient(GroupResult patient, string classes) =>
        new()
        {
            ["name"] = patient.Name,
            ["classes"] = classes,
            ["images"] = NumberFormat.Count(patient.Images),
            ["correct"] = NumberFormat.Count(patient.Correct),
            ["score"] = NumberFormat.Percent(patient.Rate),
        };

    /// <summary>Returns one dot per patient; dots with nearly the same score are stacked.</summary>
    private static TemplateModel Strip(string name, IReadOnlyList<GroupResult> patients)
    {
        List<string> dots = [];
        foreach (
            IGrouping<int, GroupResult>? column in patients
                .GroupBy(patient => (int)(patient.Rate * (Columns - 1) + 0.5))
                .OrderBy(column => column.Key)
        )
        {
            double step = Math.Min(2 * Dot, (Row - 2 * Dot - 4) / Math.Max(1, column.Count() - 1));
            double x = Left + column.Key / (Columns - 1) * (Right - Left);
            dots.AddRange(column.Select((_, place) => SeriesStyle.Circle(x, Row - Dot - 3 - place * step, Dot)));
        }

        return new()
        {
            ["name"] = ClassLabel.Pieces(name),
            ["count"] = NumberFormat.Count(patients.Count),
            ["description"] = NumberFormat.Count(patients.Count, "patient"),
            ["rate"] =
                patients.Count == 0
                    ? NumberFormat.None
                    : NumberFormat.Percent(ShareStatistics.PatientRecognitionRate(patients)),
            ["dots"] = string.Concat(dots),
        };
    }
}
