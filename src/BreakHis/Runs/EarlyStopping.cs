using BreakHis.Specs;

namespace BreakHis.Runs;

/// <summary>The best epoch so far, and how long nothing better came: Keras's rule, strictly better counts.</summary>
/// <param name="BestEpoch">The best epoch, or -1 before the first.</param>
/// <param name="BestValue">The metric there.</param>
/// <param name="EpochsWithoutImprovement">Trained epochs since then.</param>
internal sealed record EarlyStopping(int BestEpoch, double BestValue, int EpochsWithoutImprovement)
{
    /// <summary>Whether that is too long.</summary>
    /// <param name="patience">Epochs without improvement after which training stops, or null for never.</param>
    public bool IsOutOf(int? patience) => EpochsWithoutImprovement >= patience;

    /// <summary>Before any epoch.</summary>
    public static EarlyStopping Initial => new(-1, 0, 0);

    /// <summary>After one more epoch.</summary>
    /// <param name="scores">The epoch's validation scores.</param>
    public EarlyStopping Update(int epoch, Scores scores, MonitoredMetric metric)
    {
        double value = metric switch
        {
            MonitoredMetric.ValidationAccuracy => scores.Accuracy,
            MonitoredMetric.ValidationMacroF1 => scores.MacroF1,
            _ => -scores.Loss,
        };
        return BestEpoch < 0 || value > BestValue
            ? new EarlyStopping(epoch, value, 0)
            : this with
            {
                EpochsWithoutImprovement = EpochsWithoutImprovement + 1,
            };
    }
}
