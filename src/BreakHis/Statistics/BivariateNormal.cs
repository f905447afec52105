using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>
/// Two standard normal numbers that depend on each other, cut at one threshold: two results that are both right with the
/// same probability.
/// </summary>
internal static class BivariateNormal
{
    // Exact to rounding for all thresholds and correlations that occur.
    private const int Points = 64;
    private const int Halvings = 60;

    /// <summary>Returns the probability that both are below a threshold.</summary>
    /// <param name="threshold">In standard deviations, the same for both.</param>
    /// <param name="correlation">0 to 1.</param>
    /// <remarks>Plackett 1954, Biometrika 41:351-360, with his substitution of the correlation by its sine.</remarks>
    public static double Both(double threshold, double correlation)
    {
        double one = Normal.CDF(0, 1, threshold);
        double area = Integrate.GaussLegendre(
            angle => Math.Exp(-threshold * threshold / (1 + Math.Sin(angle))),
            0,
            Math.Asin(correlation),
            Points
        );
        return (one * one) + (area / (2 * Math.PI));
    }

    /// <summary>Returns the correlation at which two results are both right with a probability.</summary>
    /// <param name="one">The probability that one is right, above 0 and below 1.</param>
    /// <param name="both">The probability that both are right.</param>
    /// <returns>0 to 1; the nearest of these if no correlation gives the probability.</returns>
    public static double Correlation(double one, double both)
    {
        double threshold = Normal.InvCDF(0, 1, one);
        (double low, double high) = (0, 1);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Both(threshold, middle) < both ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
