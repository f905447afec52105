using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace BreakHis.Statistics;

/// <summary>The distribution of the sum of results among the paths that no bound has stopped.</summary>
internal sealed class SequentialPath(bool twoSided)
{
    /// <summary>A distance that normal numbers practically never have.</summary>
    public const double Widest = 12;

    private double _time;
    private double[] _sums = [0];

    // The probability at each sum; the density times the weight of the quadrature.
    private double[] _masses = [1];

    /// <summary>Returns the probability to be above a bound at the next look.</summary>
    public double Above(double time, double bound)
    {
        double step = Math.Sqrt(time - _time);
        double limit = bound * Math.Sqrt(time);
        return _sums.Zip(_masses, (sum, mass) => mass * Tail((limit - sum) / step)).Sum();
    }

    /// <summary>Continues to the next look with the paths that are within the bound.</summary>
    public void Look(double time, double bound)
    {
        double step = Math.Sqrt(time - _time);
        double high = bound * Math.Sqrt(time);
        double low = twoSided ? -high : -Widest;
        var rule = new GaussLegendreRule(low, high, 32 + (int)(6 * (high - low) / step));
        double[] masses =
        [
            .. rule.Abscissas.Zip(
                rule.Weights,
                (to, weight) => weight * _sums.Zip(_masses, (sum, mass) => mass * Normal.PDF(sum, step, to)).Sum()
            ),
        ];
        (_time, _sums, _masses) = (time, rule.Abscissas, masses);
    }

    /// <summary>Returns the probability that a standard normal number is above another one; precise far out.</summary>
    public static double Tail(double quantile) => Normal.CDF(0, 1, -quantile);
}
