using System.Diagnostics;
using BreakHis.Specs;

namespace BreakHis.Runs;

/// <summary>
/// The best epoch so far, and the number of epochs since. As in Keras, only strictly better values count.
/// </summary>
/// <param name="BestEpoch">The best epoch, or -1 before the first.</param>
/// <param name="BestValue">The metric at the best epoch.</param>
/// <param name="EpochsWithoutImprovement">The number of trained epochs since the best.</param>
internal sealed record EarlyStopping(int BestEpoch, double BestValue, int EpochsWithoutImprovement)
{
    /// <summary>Returns whether patience is exhausted.</summary>
    /// <param name="patience">The number of epochs without improvement after which training stops, or null for no
    /// limit.</param>
    public bool IsOutOf(int? patience) => EpochsWithoutImprovement >= patience;

    /// <summary>Returns the epoch whose weights are kept.</summary>
    public int Kept(KeptEpoch keep, int last) =>
        keep switch
        {
            KeptEpoch.Best => BestEpoch,
            KeptEpoch.Last => last,
            _ => throw new UnreachableException($"unknown: {keep}"),
        };

    /// <summary>The state before any epoch.</summary>
    public static EarlyStopping Initial => new(-1, 0, 0);

    /// <summary>Returns the state after one more epoch.</summary>
    public EarlyStopping Update(int epoch, Scores scores, MonitoredMetric metric)
    {
        double value = metric switch
        {
            MonitoredMetric.ValidationAccuracy => scores.Accuracy,
            MonitoredMetric.ValidationMacroF1 => scores.MacroF1,
            MonitoredMetric.ValidationLoss => -scores.Loss,
            _ => throw new UnreachableException($"unknown: {metric}"),
        };
        return BestEpoch < 0 || value > BestValue
            ? new EarlyStopping(epoch, value, 0)
            : this with
            {
                EpochsWithoutImprovement = EpochsWithoutImprovement + 1,
            };
    }
}
