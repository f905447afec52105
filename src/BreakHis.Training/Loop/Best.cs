using BreakHis.Runs;
using BreakHis.Specs;

namespace BreakHis.Training.Loop;

/// <summary>The best epoch so far, and how long nothing better came: Keras's rule, strictly better counts.</summary>
/// <param name="Epoch">The best epoch, or -1 before the first.</param>
/// <param name="Value">The metric there.</param>
/// <param name="Without">Trained epochs since then.</param>
internal sealed record Best(int Epoch, double Value, int Without)
{
    /// <summary>Before any epoch.</summary>
    public static Best None => new(-1, 0, 0);

    /// <summary>After one more epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="scores">Its validation scores.</param>
    /// <param name="metric">The monitored metric.</param>
    public Best After(int epoch, Scores scores, MonitoredMetric metric)
    {
        double value = metric switch
        {
            MonitoredMetric.ValidationAccuracy => scores.Accuracy,
            MonitoredMetric.ValidationMacroF1 => scores.MacroF1,
            _ => -scores.Loss,
        };
        return Epoch < 0 || value > Value ? new Best(epoch, value, 0) : this with { Without = Without + 1 };
    }
}
