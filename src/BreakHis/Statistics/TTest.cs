using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>A two-sided test of a difference against zero.</summary>
/// <param name="Difference">The estimate: second minus first.</param>
/// <param name="StandardError">Its standard error, at least zero.</param>
/// <param name="DegreesOfFreedom">Of Student's t distribution; infinity for the normal distribution.</param>
internal sealed record TTest(double Difference, double StandardError, double DegreesOfFreedom)
{
    /// <summary>The difference in standard errors; infinite or NaN if there is no error.</summary>
    public double Statistic => Difference / StandardError;

    /// <summary>The two-sided p-value; 1 if there is neither a difference nor an error.</summary>
    public double P =>
        StandardError == 0 ? (Difference == 0 ? 1 : 0)
        : IsNormal ? 2 * Normal.CDF(0, 1, -Math.Abs(Statistic))
        : 2 * StudentT.CDF(0, 1, DegreesOfFreedom, -Math.Abs(Statistic));

    /// <summary>With this many degrees of freedom, the two distributions agree to nine digits.</summary>
    private bool IsNormal => DegreesOfFreedom > 1e9;
}
