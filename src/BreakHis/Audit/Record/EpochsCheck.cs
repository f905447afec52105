using BreakHis.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the epochs of each stage follow from each other as the plan requires.</summary>
internal static class EpochsCheck
{
    /// <summary>The kept weights are evaluated twice, on the same images in the same batches.</summary>
    private const double Tolerance = 1e-6;

    public static IEnumerable<AuditEntry> Of(SqliteConnection connection, string run, RunFacts facts) =>
        CheckResult
            .Of(
                Faults(connection, run, facts),
                "epochs are consecutive, and the best and the kept epoch follow from the plan"
            )
            .As(AuditLevel.Record, "epochs", run);

    private static IEnumerable<string> Faults(SqliteConnection connection, string run, RunFacts facts)
    {
        foreach (RecordedStage stage in StageReader.StagesWithoutPredictions(connection, run))
        {
            foreach (string finding in Faults(stage, facts.Plan.Stages.FirstOrDefault(s => s.Name == stage.Name).Loop))
            {
                yield return $"stage {stage.Name}: {finding}";
            }
        }
    }

    private static IEnumerable<string> Faults(RecordedStage stage, LoopPlan? plan)
    {
        if (plan is null)
        {
            yield return "the plan has no such stage";
            yield break;
        }

        EpochEnded[] trained = [.. stage.Epochs.Where(epoch => epoch.Epoch > 0)];
        if (trained.Index().Any(epoch => epoch.Item.Epoch != epoch.Index + 1))
        {
            yield return "epochs: the numbers are not consecutive";
        }

        foreach (EpochEnded epoch in stage.Epochs.Where(epoch => (epoch.Train is null) != (epoch.Epoch == 0)))
        {
            yield return Invariant($"epochs, epoch {epoch.Epoch}: only epoch 0 has no training scores");
        }

        EarlyStopping stopping = EarlyStopping.Initial;
        foreach (EpochEnded epoch in stage.Epochs)
        {
            // Epoch 0 is shown but never kept.
            stopping = epoch.Epoch > 0 ? stopping.Update(epoch.Epoch, epoch.Validation, plan) : stopping;
            if (epoch.IsBest != (stopping.BestEpoch == epoch.Epoch))
            {
                yield return Invariant(
                    $"epochs, epoch {epoch.Epoch}: is_best contradicts {SnakeCase.Of(plan.Monitor)}"
                );
            }
        }

        foreach (string finding in stage.End is null ? [] : Faults(stage.End, trained, plan, stopping))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> Faults(
        StageEnded end,
        EpochEnded[] trained,
        LoopPlan plan,
        EarlyStopping stopping
    )
    {
        int kept = stopping.Kept(plan, trained.Length);
        if (end.KeptEpoch != kept)
        {
            yield return Invariant($"stage_ends: kept_epoch is {end.KeptEpoch}, but the plan keeps {kept}");
        }

        if (trained.Length > plan.Epochs || (trained.Length < plan.Epochs && !stopping.IsOutOfPatience(plan)))
        {
            yield return Invariant($"epochs: there are {trained.Length}, but the plan has {plan.Epochs}");
        }

        if (end.StoppedEarly != (trained.Length < plan.Epochs))
        {
            yield return "stage_ends: stopped_early contradicts the number of epochs";
        }

        if (
            trained.FirstOrDefault(epoch => epoch.Epoch == end.KeptEpoch) is { } epoch
            && !IsSame(epoch.Validation, end.Kept)
        )
        {
            yield return "stage_ends: the scores differ from those of the kept epoch in epochs";
        }
    }

    private static bool IsSame(Scores a, Scores b) =>
        IsNear(a.Loss, b.Loss)
        && IsNear(a.Accuracy, b.Accuracy)
        && IsNear(a.MacroF1, b.MacroF1)
        && IsNear(a.BalancedAccuracy, b.BalancedAccuracy);

    private static bool IsNear(double a, double b) =>
        a.Equals(b) || Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b));
}
