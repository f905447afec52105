using System.Text.Json;
using System.Text.Json.Nodes;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Run;

/// <summary>Prints the results of runs on standard output.</summary>
internal static class ResultText
{
    /// <summary>Prints one line per stage of each run, and the path of the report, if one was written.</summary>
    /// <param name="spec">The spec's name. A run recorded for an equal spec may have another name.</param>
    public static void Print(string spec, IReadOnlyList<RecordedRun> runs, string? report, bool json)
    {
        TextWriter text = StandardStreams.Out;
        foreach (RecordedRun run in runs)
        {
            if (json)
            {
                // Under "name" is the name with which the run was recorded.
                JsonNode summary = JsonSerializer.SerializeToNode(run.Summary, ToolJson.Default.RunSummary)!;
                summary["spec"] = spec;
                text.WriteLine(summary.ToJsonString());
                continue;
            }

            string title = RunTitle.Of(run.Summary);
            text.WriteLine(
                Invariant(
                    $"{run.Summary.Id}  {(run.Summary.Name == spec ? title : $"{spec} (recorded as {title})")}  seed {run.Summary.Seed}  {StateWord.Of(run.Summary)}"
                )
            );
            foreach (RecordedStage stage in run.Stages.Where(stage => stage.End is not null))
            {
                text.WriteLine(Line(run, stage.Name, stage.End!.Kept, stage.Predictions, stage.End.KeptEpoch));
                if (stage.End.Test is { } test)
                {
                    text.WriteLine(Line(run, "  test", test, stage.TestPredictions, stage.End.KeptEpoch));
                }
            }
        }

        if (!json && report is not null)
        {
            text.WriteLine($"report: {report}");
        }
    }

    private static string Line(
        RecordedRun run,
        string name,
        Scores scores,
        IReadOnlyList<ImagePredicted> predictions,
        int epoch
    )
    {
        int patients = KnownPatients.Count(predictions.Select(prediction => run.Images[prediction.Image].Patient));
        string of = patients == 0 ? "" : Invariant($" of {Plural.Of(patients, "patient")}");
        return Invariant(
            $"  {name, -10}  accuracy {Percent.Of(scores.Accuracy)}  balanced {Percent.Of(scores.BalancedAccuracy)}  macro-F1 {scores.MacroF1:F3}  on {Plural.Of(predictions.Count, "image")}{of}, epoch {epoch}"
        );
    }
}
