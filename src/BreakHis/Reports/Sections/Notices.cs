using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Provenance;
using BreakHis.Reports.Templates;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>What a reader must know before believing a number.</summary>
internal static class Notices
{
    private const int FewImages = 100;
    private const int FewPatients = 10;

    public static IEnumerable<TemplateModel> Of(IReadOnlyList<RunResult> runs, ReportFacts facts)
    {
        foreach (string notice in facts.Notices ?? [])
        {
            yield return Notice("Note", notice);
        }

        string[] others = [.. runs.Where(run => !SameValidation(run, runs[0])).Select(run => run.Letter)];
        if (others.Length > 0)
        {
            yield return Notice(
                "Not comparable",
                $"run {string.Join(", ", others)} and the baseline were validated on different images; differences of "
                    + "their scores mix the experiment with the images."
            );
        }

        foreach (
            List<(string Letter, string Head, string Text)>? group in runs.SelectMany(Of)
                .GroupBy(notice => notice.Text, StringComparer.Ordinal)
                .Select(g => g.ToList())
        )
        {
            string who =
                group.Count == runs.Count ? "" : $"Run {string.Join(", ", group.Select(notice => notice.Letter))}: ";
            yield return Notice(who + group[0].Head, group[0].Text);
        }
    }

    /// <summary>Whether two runs were validated on the same images, by content.</summary>
    public static bool SameValidation(RunResult a, RunResult b) => Validated(a).SetEquals(Validated(b));

    private static HashSet<string> Validated(RunResult run) =>
        run
            .Run.Images.Where(image => image.Side == Side.Validation)
            .Select(image => image.Sha256)
            .ToHashSet(StringComparer.Ordinal);

    private static TemplateModel Notice(string head, string text) => new() { ["head"] = head, ["text"] = text };

    private static IEnumerable<(string Letter, string Head, string Text)> Of(RunResult run)
    {
        var spec = new SpecDocument(run.Run.Spec);
        bool madeUp = run.Run.Provenance.Any(entry => entry is { Name: ProvenanceNames.DataMadeUp, Value: "yes" });
        if (madeUp || spec.ValueAt("data.source") == "synthetic")
        {
            yield return (run.Letter, "Made-up tissue", "these numbers say nothing about BreaKHis.");
        }

        int shared = SharedPatients.Patients(run.Run.Images).Count;
        if (shared > 0)
        {
            yield return (run.Letter, "Shared patients", Shared(run, shared));
        }

        foreach ((string head, string text) in SplitChecked(run.Run.SplitChecks))
        {
            yield return (run.Letter, head, text);
        }

        if (spec.ValueAt("data.split.by") == "image" && run.ValidationPatients == 0)
        {
            yield return (run.Letter, "Unknown patients", "split by image, so patients may be on both sides.");
        }

        foreach (string name in Unvalidated(run))
        {
            yield return (run.Letter, "Not validated", $"no validation image is of class {name}.");
        }

        if (run.Validation.Count is > 0 and < FewImages || run.ValidationPatients is > 0 and < FewPatients)
        {
            yield return (run.Letter, "Small sample", Small(run));
        }

        foreach (StageResult stage in run.Stages.Where(Contradicts))
        {
            yield return (
                run.Letter,
                "Contradiction",
                $"the accuracy recorded for {stage.Title} is not that of its predictions."
            );
        }
    }

    /// <summary>What the checks of the split found before the run; shared patients have a notice of their own.</summary>
    private static IEnumerable<(string Head, string Text)> SplitChecked(IReadOnlyList<LeakCheck> checks)
    {
        foreach (LeakCheck check in checks)
        {
            if (check is { Verdict: LeakVerdict.Leak, Name: not LeakCheck.Patients })
            {
                yield return ("Leak", check.Text + ".");
            }
            else if (check.Verdict == LeakVerdict.Doubt)
            {
                yield return ("Split in doubt", check.Text + ".");
            }
        }

        if (checks.Count > 0 && checks.All(check => check.Verdict != LeakVerdict.Leak))
        {
            yield return ("Split checked", LeakChecks.InWords(checks) + ".");
        }
    }

    private static IEnumerable<string> Unvalidated(RunResult run) =>
        run.Validation.Count == 0
            ? []
            : run.Run.Classes.Where((_, c) => !run.Validation.Any(image => image.Class == c));

    private static string Shared(RunResult run, int shared) =>
        $"{NumberFormat.Count(shared)} of {NumberFormat.Count(run.ValidationPatients, "patient")} validated on "
        + $"{Plural.Word(shared, "is", "are")} trained on too, with other images. Accuracy is overstated: "
        + "the network may know a patient's slide again rather than the disease.";

    private static string Small(RunResult run)
    {
        string images = NumberFormat.Count(run.Validation.Count, "image");
        string patients =
            run.ValidationPatients > 0 ? $" of {NumberFormat.Count(run.ValidationPatients, "patient")}" : "";
        return $"{images}{patients} validated on; small differences mean nothing.";
    }

    private static bool Contradicts(StageResult stage) =>
        stage.Stage.End is { } end
        && stage.Classified.Count > 0
        && Math.Abs(end.Kept.Accuracy - stage.Matrix.Accuracy) > 0.5 / stage.Classified.Count;
}
