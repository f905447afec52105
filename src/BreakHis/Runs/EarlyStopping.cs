using System.Diagnostics;
using BreakHis.Plans;
using BreakHis.Specs;

namespace BreakHis.Runs;

/// <summary>
/// The best epoch so far, and the number of epochs since. As in Keras, only strictly better values count. The rule takes
/// the whole plan of the loop, because training, resuming and the record audit must all follow every setting of it.
/// </summary>
/// <param name="BestEpoch">The best epoch, or -1 before the first.</param>
/// <param name="BestValue">The metric at the best epoch.</param>
/// <param name="EpochsWithoutImprovement">The number of trained epochs since the best.</param>
internal sealed record EarlyStopping(int BestEpoch, double BestValue, int EpochsWithoutImprovement)
{
    /// <summary>Returns whether patience is exhausted.</summary>
    public bool IsOutOfPatience(LoopPlan loop) => EpochsWithoutImprovement >= loop.Patience;

    /// <summary>Returns the epoch whose weights are kept.</summary>
    public int Kept(LoopPlan loop, int last) =>
        loop.Keep switch
        {
            KeptEpoch.Best => BestEpoch,
            KeptEpoch.Last => last,
            _ => throw new UnreachableException($"unknown: {loop.Keep}"),
        };

    /// <summary>The state before any epoch.</summary>
    public static EarlyStopping Initial => new(-1, 0, 0);

    /// <summary>Returns the state after one more epoch.</summary>
    public EarlyStopping Update(int epoch, Scores scores, LoopPlan loop)
    {
        double value = loop.Monitor switch
        {
            MonitoredMetric.ValidationAccuracy => scores.Accuracy,
            MonitoredMetric.ValidationMacroF1 => scores.MacroF1,
            MonitoredMetric.ValidationLoss => -scores.Loss,
            _ => throw new UnreachableException($"unknown: {loop.Monitor}"),
        };
        return BestEpoch < 0 || value > BestValue
            ? new EarlyStopping(epoch, value, 0)
            : this with
            {
                EpochsWithoutImprovement = EpochsWithoutImprovement + 1,
            };
    }
}
