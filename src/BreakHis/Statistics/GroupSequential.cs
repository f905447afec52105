using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;

namespace BreakHis.Statistics;

/// <summary>
/// Tests that look at accumulating results several times (Armitage, McPherson and Rowe 1969, J. R. Stat. Soc. A
/// 132:235-244). The statistics of the looks are normal, and between two looks independent results are added.
/// </summary>
internal static class GroupSequential
{
    private const int Halvings = 60;
    private const double Widest = 12;

    /// <summary>
    /// Returns the bounds that spend a level over the looks as Lan and DeMets do (1983, Biometrika 70:659-663), in
    /// the form that resembles O'Brien and Fleming's bounds: early looks spend little of it.
    /// </summary>
    /// <param name="times">The share of all results at each look, ascending, 1 at the last.</param>
    /// <param name="level">The probability that any look is above its bound without a difference, 0 to 0.5.</param>
    /// <param name="twoSided">Whether the statistic may also be below the negative bound, with the same
    /// probability.</param>
    /// <returns>The bound of each look, as a normal quantile.</returns>
    public static IReadOnlyList<double> Bounds(IReadOnlyList<double> times, double level, bool twoSided)
    {
        double quantile = Upper(level / 2);
        List<double> bounds = [];
        var path = new Path(twoSided);
        double spent = 0;
        foreach (double time in times)
        {
            double until = 2 * Tail(quantile / Math.Sqrt(time));
            double bound = Bound(path, time, until - spent);
            bounds.Add(bound);
            path.Look(time, bound);
            spent = until;
        }

        return bounds;
    }

    /// <summary>Returns the probability that any look is above its bound, without a difference.</summary>
    /// <param name="times">The share of all results at each look, ascending.</param>
    /// <param name="bounds">The bound of each look, as a normal quantile.</param>
    /// <param name="twoSided">Whether looks below the negative bound count too.</param>
    public static double Crossing(IReadOnlyList<double> times, IReadOnlyList<double> bounds, bool twoSided)
    {
        var path = new Path(twoSided);
        double above = 0;
        for (int look = 0; look < times.Count; look++)
        {
            above += path.Above(times[look], bounds[look]);
            path.Look(times[look], bounds[look]);
        }

        return twoSided ? 2 * above : above;
    }

    private static double Bound(Path path, double time, double probability)
    {
        (double low, double high) = (0, Widest);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = path.Above(time, middle) > probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    /// <summary>The probability that a standard normal number is above another one; precise far out.</summary>
    private static double Tail(double quantile) => Normal.CDF(0, 1, -quantile);

    private static double Upper(double probability) => -Normal.InvCDF(0, 1, probability);

    /// <summary>The distribution of the sum of results among the paths that no bound has stopped.</summary>
    private sealed class Path(bool twoSided)
    {
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

        /// <summary>Goes on to the next look, with the paths that are within the bound.</summary>
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
    }
}
