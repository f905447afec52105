using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Reports.Templates;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>What a reader must know before trusting a number.</summary>
internal static class Notices
{
    private const int FewImages = 100;
    private const int FewPatients = 10;

    private static readonly (Side Side, string Done)[] Compared =
    [
        (Side.Validation, "validated"),
        (Side.Test, "tested"),
    ];

    public static IEnumerable<TemplateModel> Of(IReadOnlyList<RunResult> runs)
    {
        foreach ((Side side, string done) in Compared)
        {
            string[] others = [.. runs.Where(run => !SameImages(run, runs[0], side)).Select(run => run.Letter)];
            if (others.Length > 0)
            {
                yield return Notice(
                    "Not comparable",
                    $"run {string.Join(", ", others)} and the baseline were {done} on different images, so a difference "
                        + "between their scores may come from the images."
                );
            }
        }

        IEnumerable<IGrouping<(string Head, string Text, bool IsGood), string>> groups = runs.SelectMany(run =>
                Of(run).Select(notice => (Notice: notice, run.Letter))
            )
            .GroupBy(notice => notice.Notice, notice => notice.Letter)
            .OrderBy(group => group.Key.IsGood);
        foreach (IGrouping<(string Head, string Text, bool IsGood), string> group in groups)
        {
            string who = group.Count() == runs.Count ? "" : $"Run {string.Join(", ", group)}: ";
            yield return Notice(who + group.Key.Head, group.Key.Text, group.Key.IsGood);
        }
    }

    /// <summary>Returns whether two runs have the same validation images, by content.</summary>
    public static bool SameValidation(RunResult a, RunResult b) => SameImages(a, b, Side.Validation);

    /// <summary>A run without images on a side has no results to compare there.</summary>
    private static bool SameImages(RunResult a, RunResult b, Side side)
    {
        (HashSet<string> first, HashSet<string> second) = (On(a, side), On(b, side));
        return first.SetEquals(second) || (side == Side.Test && (first.Count == 0 || second.Count == 0));
    }

    private static HashSet<string> On(RunResult run, Side side) =>
        run
            .Run.Images.Where(image => image.Side == side)
            .Select(image => image.Sha256)
            .ToHashSet(StringComparer.Ordinal);

    private static TemplateModel Notice(string head, string text, bool isGood = false) =>
        new()
        {
            ["head"] = head,
            ["text"] = text,
            ["is_good"] = isGood,
        };

    /// <summary>Returns the notices of one run: warnings or confirmations.</summary>
    private static IEnumerable<(string Head, string Text, bool IsGood)> Of(RunResult run) =>
        OfInputs(run).Concat(OfResults(run));

    private static IEnumerable<(string Head, string Text, bool IsGood)> OfInputs(RunResult run)
    {
        var spec = RecordedSpec.Of(run.Run.Spec);
        bool marked = run.Run.Provenance.Any(entry =>
            entry is { Name: ProvenanceNames.DataSynthetic or ProvenanceNames.OldDataSynthetic, Value: YesNo.Yes }
        );
        if (marked || spec.Source == DataSource.Synthetic)
        {
            yield return ("Synthetic tissue", "these numbers say nothing about BreaKHis.", false);
        }

        if (run.Run.EditedRecords.Count > 0)
        {
            yield return (
                "Edited",
                $"this run is not as it was recorded: {run.Run.EditedInWords()}. An audit names the values.",
                false
            );
        }

        if (run.Run.Summary.Import is { } import)
        {
            yield return (
                "Imported",
                $"this run was not made in this ledger, but imported from {import.From} on {NumberFormat.Moment(import.At)}.",
                false
            );
        }

        if (GitProvenance.Missing(run.Run.Provenance) is string missing)
        {
            yield return ("Code not recorded", missing + ".", false);
        }

        if (PatientLeaks.Patients(run.Run.Images).Count > 0)
        {
            yield return (
                "Shared patients",
                PatientLeaks.Notice(run.Run.Images, NumberFormat.Count, NumberFormat.Count),
                false
            );
        }

        foreach ((string Head, string Text, bool IsGood) notice in SplitChecked(run.Run))
        {
            yield return notice;
        }

        if (spec.SplitBy == SplitUnit.Image && run.ValidationPatients == 0)
        {
            yield return ("Unknown patients", "the split is by image, so a patient may be on both sides.", false);
        }

        var plan = RecordedPlan.OrNull(run.Run.Plan);
        foreach (
            (string, string, bool) notice in Lines("Left out", plan?.LeftOut)
                .Concat(Lines("Weights", plan?.WeightsNotes))
        )
        {
            yield return notice;
        }
    }

    private static IEnumerable<(string Head, string Text, bool IsGood)> Lines(
        string head,
        IReadOnlyList<string>? lines
    ) => lines is { Count: > 0 } ? [(head, string.Join("; ", lines) + ".", false)] : [];

    private static IEnumerable<(string Head, string Text, bool IsGood)> OfResults(RunResult run)
    {
        foreach (string name in Without(run, Side.Train))
        {
            yield return ("Not trained", $"class {name} has no training images.", false);
        }

        foreach (string name in Without(run, Side.Validation))
        {
            yield return ("Not validated", $"class {name} has no validation images.", false);
        }

        foreach (string name in Without(run, Side.Test))
        {
            yield return ("Not tested", $"class {name} has no test images.", false);
        }

        foreach (Side side in (Side[])[Side.Validation, Side.Test])
        {
            PlannedImage[] images = [.. run.Run.Images.Where(image => image.Side == side)];
            int patients = KnownPatients.Count(images.Select(image => image.Patient));
            if (images.Length is > 0 and < FewImages || patients is > 0 and < FewPatients)
            {
                yield return ("Small sample", Small(side, images.Length, patients), false);
            }
        }

        foreach (StageResult stage in run.Results.Where(Contradicts))
        {
            yield return (
                "Contradiction",
                $"the accuracy recorded for {stage.Title} does not match its predictions.",
                false
            );
        }
    }

    /// <summary>
    /// Returns the findings of the leak checks before the run; shared patients have a separate notice.
    /// </summary>
    private static IEnumerable<(string Head, string Text, bool IsGood)> SplitChecked(RecordedRun run)
    {
        foreach (LeakCheck check in run.SplitChecks)
        {
            if (check is { Verdict: LeakVerdict.Leak, Name: not LeakCheck.Patients })
            {
                yield return ("Leak", check.Text + ".", false);
            }
            else if (check.Verdict == LeakVerdict.Doubt)
            {
                yield return ("Split in doubt", check.Text + ".", false);
            }
        }

        if (run.SplitChecks.Count > 0 && run.SplitChecks.All(check => check.Verdict != LeakVerdict.Leak))
        {
            yield return (
                "Split checked",
                LeakChecks.InWords(run.SplitChecks, run.Images.Any(image => image.Side == Side.Test)) + ".",
                true
            );
        }
    }

    private static IEnumerable<string> Without(RunResult run, Side side)
    {
        int[] present = [.. run.Run.Images.Where(image => image.Side == side).Select(image => image.Class).Distinct()];
        return present.Length == 0 ? [] : run.Run.Classes.Where((_, c) => !present.Contains(c));
    }

    private static string Small(Side side, int images, int patients) =>
        $"only {NumberFormat.Count(images, $"{Sides.Of(side)} image")}"
        + (patients > 0 ? $" of {NumberFormat.Count(patients, "patient")}" : "")
        + ", so small differences may be due to chance.";

    private static bool Contradicts(StageResult stage) =>
        stage is { Stage.End: not null, Scores: { } scores }
        && stage.Classified.Count > 0
        && Math.Abs(scores.Accuracy - stage.Matrix.Accuracy) > 0.5 / stage.Classified.Count;
}
