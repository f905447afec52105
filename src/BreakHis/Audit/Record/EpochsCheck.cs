using System.Text.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>Whether the epochs of each stage follow from one another as the plan says.</summary>
internal static class EpochsCheck
{
    /// <summary>The kept weights are evaluated twice, on the same images in the same batches.</summary>
    private const double Tolerance = 1e-6;

    public static IEnumerable<string> Of(SqliteConnection connection, string run, RunFacts facts)
    {
        foreach (RecordedStage stage in StageReader.StagesWithoutPredictions(connection, run))
        {
            foreach (string finding in Of(stage, facts.Loop(stage.Name)))
            {
                yield return $"stage {stage.Name}: {finding}";
            }
        }
    }

    private static IEnumerable<string> Of(RecordedStage stage, JsonElement? loop)
    {
        if (loop is not { } plan)
        {
            yield return "the plan has no such stage";
            yield break;
        }

        EpochEnded[] trained = [.. stage.Epochs.Where(epoch => epoch.Epoch > 0)];
        if (trained.Index().Any(epoch => epoch.Item.Epoch != epoch.Index + 1))
        {
            yield return "epochs: their numbers do not follow each other";
        }

        foreach (EpochEnded epoch in stage.Epochs.Where(epoch => (epoch.Train is null) != (epoch.Epoch == 0)))
        {
            yield return FormattableString.Invariant(
                $"epochs, epoch {epoch.Epoch}: only epoch 0 has no training scores"
            );
        }

        (int best, int without) = (-1, 0);
        double value = 0;
        foreach (EpochEnded epoch in stage.Epochs)
        {
            double monitored = Monitored(plan, epoch.Validation);
            if (epoch.Epoch > 0)
            {
                bool isBetter = best < 0 || monitored > value;
                (best, value, without) = isBetter ? (epoch.Epoch, monitored, 0) : (best, value, without + 1);
            }

            if (epoch.IsBest != (best == epoch.Epoch))
            {
                yield return FormattableString.Invariant(
                    $"epochs, epoch {epoch.Epoch}: is_best is not what {RunFacts.Text(plan, "monitor")} says"
                );
            }
        }

        foreach (string finding in stage.End is null ? [] : Of(stage.End, trained, plan, best, without))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> Of(StageEnded end, EpochEnded[] trained, JsonElement plan, int best, int without)
    {
        int planned = plan.GetProperty("epochs").GetInt32();
        bool isImpatient = plan.TryGetProperty("patience", out JsonElement patience) && without >= patience.GetInt32();
        int kept = RunFacts.Text(plan, "keep") == "best" ? best : trained.Length;
        if (end.KeptEpoch != kept)
        {
            yield return FormattableString.Invariant(
                $"stage_ends: kept_epoch is {end.KeptEpoch}, and the plan keeps {kept}"
            );
        }

        if (trained.Length > planned || (trained.Length < planned && !isImpatient))
        {
            yield return FormattableString.Invariant(
                $"epochs: there are {trained.Length}, and the plan says {planned}"
            );
        }

        if (end.StoppedEarly != (trained.Length < planned))
        {
            yield return "stage_ends: stopped_early is not what the number of epochs says";
        }

        if (
            trained.FirstOrDefault(epoch => epoch.Epoch == end.KeptEpoch) is { } epoch
            && !IsSame(epoch.Validation, end.Kept)
        )
        {
            yield return "stage_ends: the scores are not those of the kept epoch in epochs";
        }
    }

    private static double Monitored(JsonElement plan, Scores scores) =>
        RunFacts.Text(plan, "monitor") switch
        {
            "validation_accuracy" => scores.Accuracy,
            "validation_macro_f1" => scores.MacroF1,
            _ => -scores.Loss,
        };

    private static bool IsSame(Scores a, Scores b) =>
        IsNear(a.Loss, b.Loss)
        && IsNear(a.Accuracy, b.Accuracy)
        && IsNear(a.MacroF1, b.MacroF1)
        && IsNear(a.BalancedAccuracy, b.BalancedAccuracy);

    private static bool IsNear(double a, double b) =>
        a.Equals(b) || Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b));
}
