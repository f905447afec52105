using BreakHis.Ledger;

namespace BreakHis.Reports;

/// <summary>The top of a report: what was run, how it ended, what came out in words, and what to beware of.</summary>
internal static class Overview
{
    public static Model Of(IReadOnlyList<RunResult> runs, ReportFacts facts)
    {
        string[] names = [.. runs.Select(run => run.Run.Line.Name).Distinct(StringComparer.Ordinal)];
        return new()
        {
            ["title"] = facts.Title ?? Title(names),
            ["kind"] = runs.Count == 1 ? "Experiment report" : $"Comparison of {Numbers.Count(runs.Count)} runs",
            ["abouts"] = runs.Select(run => new SpecDocument(run.Run.Spec).Leaf("about"))
                .OfType<string>()
                .Where(about => about != "")
                .Distinct(StringComparer.Ordinal)
                .ToList(),
            ["several"] = runs.Count > 1,
            ["runs"] = runs.Select(Run).ToList(),
            ["troubles"] = runs.Where(run => run.Run.Line.State != RunState.Finished)
                .Select(Trouble(runs.Count))
                .ToList(),
            ["notices"] = Notices.Of(runs, facts).ToList(),
        };
    }

    private static string Title(string[] names) =>
        names.Length switch
        {
            <= 3 => string.Join(" · ", names),
            _ => $"{names[0]} and {Numbers.Count(names.Length - 1)} more",
        };

    private static Model Run(RunResult run) =>
        new()
        {
            ["letter"] = run.Letter,
            ["colour"] = Palette.Colour(run.Index),
            ["name"] = run.Run.Line.Name,
            ["id"] = run.Run.Line.Id,
            ["seed"] = Numbers.Plain(run.Run.Line.Seed),
            ["choices"] = run.Run.Line.Choices.Select(choice => $"{choice.Path}: {choice.Value}").ToList(),
            ["started"] = Numbers.Moment(run.Run.Line.StartedAt),
            ["fingerprint"] = Short(run.Run.Line.Fingerprint),
            ["state"] = State(run.Run.Line.State),
            ["finished"] = run.Run.Line.State == RunState.Finished,
            ["sentence"] = Sentence(run),
        };

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    private static string State(RunState state) =>
        state switch
        {
            RunState.Finished => "finished",
            RunState.Failed => "failed",
            RunState.Interrupted => "interrupted",
            _ => "not ended",
        };

    private static Func<RunResult, Model> Trouble(int runs) =>
        run =>
            new()
            {
                ["who"] = runs == 1 ? "This run" : $"Run {run.Letter}",
                ["what"] = run.Run.Line.State switch
                {
                    RunState.Failed => "failed.",
                    RunState.Interrupted => "was interrupted.",
                    _ => "has not ended: it is still running, or was killed.",
                },
                ["so"] = run.Stages.Any(stage => stage.Scores is not null)
                    ? "What follows is as far as it came; a result it is not."
                    : "It came to no result.",
                ["failure"] = run.Run.Failure,
            };

    /// <summary>The result in one sentence, the last stage first.</summary>
    private static string Sentence(RunResult run)
    {
        string[] stages = [.. run.Stages.Reverse().Where(stage => stage.Scores is not null).Select(StageInWords(run))];
        string images =
            run.ValidationPatients > 0
                ? $"{Numbers.Count(run.ValidationPatients, "patient", "patients")} validated on"
                : "patients not known";
        return stages.Length == 0
            ? "No epoch ended, so there is no result."
            : $"{char.ToUpperInvariant(stages[0][0])}{string.Join("; ", stages)[1..]}; {images}.";
    }

    private static Func<StageResult, int, string> StageInWords(RunResult run) =>
        (stage, place) =>
        {
            var scores = stage.Scores!;
            string share = Numbers.Percent(scores.Accuracy);
            string images =
                place == 0
                    ? $" of {Numbers.Count(run.ValidationImages, "validation image", "validation images")} correct"
                    : "";
            string epoch = stage.Stage.End is { } end
                ? $"kept epoch {Numbers.Plain(end.KeptEpoch)} of {Numbers.Plain(stage.EpochsTrained)}"
                : $"not ended, epoch {Numbers.Plain(stage.Stage.Epochs[^1].Epoch)}";
            return $"{(place == 0 ? stage.Title : stage.Title.ToLowerInvariant())}: {share}{images} (balanced "
                + $"{Numbers.Percent(scores.BalancedAccuracy)}, macro-F1 {Numbers.Decimal(scores.MacroF1)}; {epoch})";
        };
}

/// <summary>What a reader must know before believing a number.</summary>
internal static class Notices
{
    private const int FewImages = 100;
    private const int FewPatients = 10;

    public static IEnumerable<Model> Of(IReadOnlyList<RunResult> runs, ReportFacts facts)
    {
        foreach (string notice in facts.Notices ?? [])
        {
            yield return Notice("Note", notice);
        }

        foreach (
            var group in runs.SelectMany(Of)
                .GroupBy(notice => notice.Text, StringComparer.Ordinal)
                .Select(g => g.ToList())
        )
        {
            string who =
                group.Count == runs.Count ? "" : $"Run {string.Join(", ", group.Select(notice => notice.Letter))}: ";
            yield return Notice(who + group[0].Head, group[0].Text);
        }
    }

    private static Model Notice(string head, string text) => new() { ["head"] = head, ["text"] = text };

    private static IEnumerable<(string Letter, string Head, string Text)> Of(RunResult run)
    {
        var spec = new SpecDocument(run.Run.Spec);
        if (spec.Leaf("data.source") == "synthetic")
        {
            yield return (run.Letter, "Made-up tissue", "these numbers say nothing about BreaKHis.");
        }

        int shared = Statistics.SharedPatients(run.Run.Images).Count;
        if (shared > 0)
        {
            yield return (run.Letter, "Shared patients", Shared(run, shared));
        }

        foreach (string text in Small(run))
        {
            yield return (run.Letter, "Small sample", text);
        }

        foreach (var stage in run.Stages.Where(Contradicts))
        {
            yield return (
                run.Letter,
                "Contradiction",
                $"the accuracy recorded for {stage.Title} is not that of its predictions."
            );
        }
    }

    private static string Shared(RunResult run, int shared) =>
        $"{Numbers.Count(shared)} of {Numbers.Count(run.ValidationPatients, "patient", "patients")} validated on "
        + $"{(shared == 1 ? "is" : "are")} trained on too, with other images. Accuracy is overstated: "
        + "the network may know a patient's slide again rather than the disease.";

    private static IEnumerable<string> Small(RunResult run)
    {
        var (images, patients) = (run.ValidationImages, run.ValidationPatients);
        if (images is > 0 and < FewImages || patients is > 0 and < FewPatients)
        {
            string of = patients > 0 ? $" of {Numbers.Count(patients, "patient", "patients")}" : "";
            yield return $"{Numbers.Count(images, "image", "images")}{of} validated on; small differences mean nothing.";
        }
    }

    private static bool Contradicts(StageResult stage) =>
        stage.Stage.End is { } end
        && stage.Verdicts.Count > 0
        && Math.Abs(end.Kept.Accuracy - stage.Matrix.Accuracy) > 0.5 / stage.Verdicts.Count;
}
