using System.CommandLine;
using System.Text.Json;
using BreakHis.Audit.Rerun;
using BreakHis.Data;
using BreakHis.Json;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands;

/// <summary><c>show</c>: shows one run in full.</summary>
internal static class ShowCommand
{
    private const string Levels = " ▁▂▃▄▅▆▇█";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("RUN")
        {
            Description = "A run id, a unique prefix, @1 for the last run, or a spec name (its last run) [default: @1]",
            DefaultValueFactory = _ => "@1",
        };
        var json = new Option<bool>("--json") { Description = "Print the complete record as JSON" };
        var command = new Command(
            "show",
            """
            Show one run in full.
            Prints spec, plan, epochs, curves as text, measured reproducibility, artifacts and provenance.

            Examples:
              dotnet breakhis show @1
              dotnet breakhis show quickstart --json
            """
        )
        {
            run,
            json,
        };
        command.SetAction(parsed =>
        {
            using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
            RecordedRun shown = ledger.Load(ledger.ResolveRun(parsed.GetValue(run)!));
            StandardStreams.Out.Write(
                MalformedRecord.Understood(
                    shown.Summary.Id,
                    () =>
                        parsed.GetValue(json)
                            ? JsonSerializer.Serialize(shown, ToolJson.Default.RecordedRun) + "\n"
                            : Text(shown, ledger.Head(), Grades(ledger, shown))
                )
            );
        });
        return command;
    }

    /// <summary>The measured reproducibility of the run; empty unless the run has finished.</summary>
    private static IReadOnlyList<ReproductionGrade> Grades(LedgerDatabase ledger, RecordedRun run) =>
        run.Summary.State != RunState.Finished
            ? []
            : ReproductionGrade.Of(
                run,
                // What was edited shows nothing about bits.
                ReadableRuns
                    .Load(ledger, ledger.FindAlike(run.Summary.Id))
                    .Where(other => other.EditedRecords.Count == 0),
                RerunNote.Of(run, ledger.Notes(run.Summary.Id), [.. Own(ledger), .. NotesOfOwn(ledger)])
            );

    /// <summary>The notes of the user's own ledger, if another one is shown and there is one.</summary>
    private static IReadOnlyList<LedgerNote> NotesOfOwn(LedgerDatabase shown)
    {
        HomeFolder own = RootOptions.OwnHome();
        if (own.Path == shown.Home.Path)
        {
            return [];
        }

        try
        {
            using var ledger = LedgerDatabase.OpenForReading(own.Ledger);
            return Own(ledger);
        }
        catch (LedgerException)
        {
            return [];
        }
    }

    private static IReadOnlyList<LedgerNote> Own(LedgerDatabase ledger) =>
        ledger.IsOwn ? ledger.Notes(LedgerNote.Ledger) : [];

    private static string Text(RecordedRun run, LedgerHead head, IReadOnlyList<ReproductionGrade> grades)
    {
        using var lines = new StringWriter { NewLine = "\n" };
        using var text = new VisibleWriter(lines);
        PrintHead(text, run, head);
        foreach (RecordedStage stage in run.Stages)
        {
            PrintStage(text, stage);
        }

        if (grades.Count > 0)
        {
            PrintNamed(
                text,
                "reproducibility, as measured",
                grades.Select(grade => (ReproductionText.Word(grade.Condition), ReproductionText.Result(grade)))
            );
        }

        (IReadOnlyList<(string, string)> determining, IReadOnlyList<(string, string)> others) = PlanJson.Lines(
            run.Plan
        );
        PrintNamed(text, "plan: what determines the result", determining);
        PrintNamed(text, "plan: other facts", others);
        PrintNamed(text, "spec", JsonFlattening.Flatten(CanonicalForm.Complete(run.Spec)));
        PrintNamed(text, "artifacts", run.Artifacts.Select(a => (a.Path, $"{a.Sha256}  {a.Bytes} bytes")));
        PrintNamed(text, "split checks", run.SplitChecks.Select(c => (c.Name, c.Line())));
        PrintNamed(text, "provenance", run.Provenance.Select(p => (p.Name, p.Value)));
        return lines.ToString();
    }

    private static void PrintHead(TextWriter text, RecordedRun run, LedgerHead head)
    {
        text.WriteLine($"{run.Summary.Id}  {run.Summary.Name}");
        text.WriteLine(
            Invariant($"  state        {StateWord.Of(run.Summary)}{(run.Failure is null ? "" : ": " + run.Failure)}")
        );
        text.WriteLine($"  origin       {RunOrigin.Of(run.Summary)}");
        if (run.EditedRecords.Count > 0)
        {
            text.WriteLine(
                $"  edited       not as recorded: {run.EditedInWords()}; 'dotnet breakhis audit {run.Summary.Id}' names the values"
            );
        }

        text.WriteLine(Invariant($"  seed         {run.Summary.Seed}"));
        text.WriteLine($"  started      {run.Summary.StartedAt}");
        text.WriteLine($"  ended        {run.Summary.EndedAt ?? "not yet"}");
        text.WriteLine($"  spec         {run.SpecFile}  {run.SpecHash}");
        text.WriteLine($"  fingerprint  {run.Summary.Fingerprint}");
        IEnumerable<string> counts = Sides
            .In(run.Images.Select(image => image.Side))
            .Select(side => Invariant($"{run.Images.Count(image => image.Side == side)} for {Sides.Purpose(side)}"));
        text.WriteLine(
            Invariant(
                $"  images       {string.Join(", ", counts)}, {Plural.Of(run.Classes.Count, "class", "classes")}: {string.Join(", ", run.Classes)}"
            )
        );
        if (RecordedPlan.OrNull(run.Plan)?.Preprocessing is string preprocessing)
        {
            text.WriteLine($"  weights      {run.Fact(ProvenanceNames.WeightsOrigin)}; preprocessing: {preprocessing}");
        }

        text.WriteLine(Invariant($"  records      {run.Chain!.Records}, the last with hash {run.Chain.Hash}"));
        text.WriteLine(Invariant($"  ledger       {Plural.Of(head.Records, "record")}, head {head.Head}"));
        text.WriteLine();
    }

    private static void PrintStage(TextWriter text, RecordedStage stage)
    {
        text.WriteLine(stage.Name);
        foreach (EpochEnded epoch in stage.Epochs)
        {
            string train = epoch.Train is null
                ? "before training      "
                : Invariant($"train {epoch.Train.Loss, 8:F4} {Percent.Of(epoch.Train.Accuracy), 7}");
            text.WriteLine(
                Invariant(
                    $"  epoch {epoch.Epoch, 3}  {train}  validation {epoch.Validation.Loss, 8:F4} {Percent.Of(epoch.Validation.Accuracy), 7}  macro-F1 {epoch.Validation.MacroF1:F3}  {epoch.Seconds:F1} s{(epoch.IsBest ? "  best" : "")}"
                )
            );
        }

        text.WriteLine($"  validation loss      {Curve([.. stage.Epochs.Select(e => e.Validation.Loss)])}");
        text.WriteLine($"  validation accuracy  {Curve([.. stage.Epochs.Select(e => e.Validation.Accuracy)])}");
        if (stage.End is { } end)
        {
            text.WriteLine(
                Invariant(
                    $"  kept epoch {end.KeptEpoch}{(end.StoppedEarly ? ", stopped early" : "")}: accuracy {Percent.Of(end.Kept.Accuracy)}, balanced {Percent.Of(end.Kept.BalancedAccuracy)}, macro-F1 {end.Kept.MacroF1:F3}, on {Plural.Of(stage.Predictions.Count, "image")}"
                )
            );
            if (end.Test is { } test)
            {
                text.WriteLine(
                    Invariant(
                        $"  on test images: accuracy {Percent.Of(test.Accuracy)}, balanced {Percent.Of(test.BalancedAccuracy)}, macro-F1 {test.MacroF1:F3}, on {Plural.Of(stage.TestPredictions.Count, "image")}"
                    )
                );
            }
        }

        text.WriteLine();
    }

    /// <summary>A curve as one row of block characters, scaled from its minimum to its maximum.</summary>
    private static string Curve(double[] values)
    {
        if (values.Length == 0)
        {
            return "";
        }

        double least = values.Min();
        double range = values.Max() - least;
        return new string([.. values.Select(v => range > 0 ? Levels[1 + (int)((v - least) / range * 7)] : Levels[4])]);
    }

    private static void PrintNamed(TextWriter text, string title, IEnumerable<(string Name, string Value)> entries)
    {
        text.WriteLine(title);
        foreach ((string name, string value) in entries)
        {
            string[] lines = value.ReplaceLineEndings("\n").Split('\n');
            text.WriteLine(
                lines.Length == 1
                    ? $"  {name}: {value}"
                    : $"  {name}: {lines.Length} lines (in the report, and in --json)"
            );
        }

        text.WriteLine();
    }
}
