using System.Text.Json;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Run;

/// <summary>Prints the results of runs on standard output.</summary>
internal static class ResultText
{
    /// <summary>Prints one line per stage of each run, and the path of the report.</summary>
    /// <param name="spec">The spec's name. A run recorded for an equal spec may have another name.</param>
    public static void Print(string spec, IReadOnlyList<RecordedRun> runs, string report, bool json)
    {
        TextWriter text = StandardStreams.Out;
        foreach (RecordedRun run in runs)
        {
            if (json)
            {
                text.WriteLine(JsonSerializer.Serialize(run.Summary, ToolJson.Default.RunSummary));
                continue;
            }

            string title = RunTitle.Of(run.Summary);
            text.WriteLine(
                FormattableString.Invariant(
                    $"{run.Summary.Id}  {(run.Summary.Name == spec ? title : $"{spec} (recorded as {title})")}  seed {run.Summary.Seed}  {StateWord.Of(run.Summary)}"
                )
            );
            foreach (RecordedStage stage in run.Stages.Where(stage => stage.End is not null))
            {
                text.WriteLine(Line(run, stage));
            }
        }

        if (!json)
        {
            text.WriteLine($"report: {report}");
        }
    }

    private static string Line(RecordedRun run, RecordedStage stage)
    {
        int images = stage.Predictions.Count;
        int patients = KnownPatients.Count(
            stage.Predictions.Select(prediction => run.Images[prediction.Image].Patient)
        );
        string of = patients == 0 ? "" : FormattableString.Invariant($" of {Plural.Of(patients, "patient")}");
        return FormattableString.Invariant(
            $"  {stage.Name, -10}  accuracy {Percent.Of(stage.End!.Kept.Accuracy)}  balanced {Percent.Of(stage.End.Kept.BalancedAccuracy)}  macro-F1 {stage.End.Kept.MacroF1:F3}  on {Plural.Of(images, "image")}{of}, epoch {stage.End.KeptEpoch}"
        );
    }
}
