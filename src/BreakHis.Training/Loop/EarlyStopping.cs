using BreakHis.Runs;
using BreakHis.Specs;

namespace BreakHis.Training.Loop;

/// <summary>The best epoch so far, and how long nothing better came: Keras's rule, strictly better counts.</summary>
/// <param name="BestEpoch">The best epoch, or -1 before the first.</param>
/// <param name="BestValue">The metric there.</param>
/// <param name="EpochsWithoutImprovement">Trained epochs since then.</param>
internal sealed record EarlyStopping(int BestEpoch, double BestValue, int EpochsWithoutImprovement)
{
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
