using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>
/// Tests that look at accumulating results several times (Armitage, McPherson and Rowe 1969, J. R. Stat. Soc. A
/// 132:235-244). The statistics of the looks are normal, and between two looks independent results are added.
/// </summary>
internal static class GroupSequential
{
    private const int Halvings = 60;

    /// <summary>
    /// Returns the bounds that spend a level over the looks as Lan and DeMets do (1983, Biometrika 70:659-663), in
    /// the form that resembles O'Brien and Fleming's bounds: early looks spend little of it.
    /// </summary>
    /// <param name="times">The share of all results at each look, ascending, at most 1.</param>
    /// <param name="level">The probability that any look is above its bound without a difference, 0 to 0.5.</param>
    /// <param name="twoSided">Whether the statistic may also be below the negative bound, with the same
    /// probability.</param>
    /// <returns>The bound of each look, as a normal quantile.</returns>
    public static IReadOnlyList<double> Bounds(IReadOnlyList<double> times, double level, bool twoSided)
    {
        double quantile = Upper(level / 2);
        List<double> bounds = [];
        var path = new SequentialPath(twoSided);
        double spent = 0;
        foreach (double time in times)
        {
            double until = 2 * SequentialPath.Tail(quantile / Math.Sqrt(time));
            double bound = Bound(path, time, until - spent);
            bounds.Add(bound);
            path.Look(time, bound);
            spent = until;
        }

        return bounds;
    }

    private static double Bound(SequentialPath path, double time, double probability)
    {
        (double low, double high) = (0, SequentialPath.Widest);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = path.Above(time, middle) > probability ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }

    private static double Upper(double probability) => -Normal.InvCDF(0, 1, probability);
}
