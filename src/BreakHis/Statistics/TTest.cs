using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>A two-sided test of a difference against zero, with a confidence interval of the difference.</summary>
/// <param name="Difference">The estimate: second minus first.</param>
/// <param name="StandardError">Its standard error, at least zero.</param>
/// <param name="DegreesOfFreedom">Of Student's t distribution; infinity for the normal distribution.</param>
internal sealed record TTest(double Difference, double StandardError, double DegreesOfFreedom)
{
    /// <summary>The difference in standard errors; NaN if both are zero.</summary>
    public double Statistic => Difference / StandardError;

    /// <summary>The two-sided p-value; 1 if there is neither a difference nor an error.</summary>
    public double P =>
        double.IsNaN(Statistic) ? 1
        : IsNormal ? 2 * Normal.CDF(0, 1, -Math.Abs(Statistic))
        : 2 * StudentT.CDF(0, 1, DegreesOfFreedom, -Math.Abs(Statistic));

    /// <summary>With this many degrees of freedom, the two distributions agree to nine digits.</summary>
    private bool IsNormal => DegreesOfFreedom > 1e9;

    /// <summary>Returns the two-sided confidence interval; of length zero if there is no error.</summary>
    /// <param name="confidence">Above 0 and below 1.</param>
    public Interval Interval(double confidence)
    {
        double half = StandardError == 0 ? 0 : StandardError * Quantile((1 + confidence) / 2);
        return new Interval(Difference - half, Difference + half);
    }

    private double Quantile(double p) => IsNormal ? Normal.InvCDF(0, 1, p) : StudentT.InvCDF(0, 1, DegreesOfFreedom, p);
}
