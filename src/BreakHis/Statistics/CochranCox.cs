using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>
/// A two-sided test of a difference whose variance is a sum of estimates with different degrees of freedom. Its critical
/// value is the mean of those of the parts, weighted by their variances (Cochran and Cox 1950, Experimental Designs,
/// section 4.14; Cochran 1964, Biometrics 20:191-195). It is cautious, also if a part has one degree of freedom, where the
/// approximation of Satterthwaite gives false alarms.
/// </summary>
/// <param name="Difference">The estimate: second minus first.</param>
/// <param name="StandardError">Its standard error, at least zero.</param>
/// <param name="Parts">The variances and their degrees of freedom; only their ratios count.</param>
internal sealed record CochranCox(
    double Difference,
    double StandardError,
    IReadOnlyList<(double Variance, double DegreesOfFreedom)> Parts
)
{
    // Smaller p-values are given as this one.
    private const double Smallest = 1e-8;
    private const int Halvings = 60;

    /// <summary>The two-sided p-value; 1 if there is neither a difference nor an error.</summary>
    public double P
    {
        get
        {
            if (StandardError == 0)
            {
                return Difference == 0 ? 1 : 0;
            }

            double statistic = Math.Abs(Difference) / StandardError;
            (double low, double high) = (Math.Log(Smallest), 0);
            for (int i = 0; i < Halvings; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = Critical(Math.Exp(middle)) > statistic ? (middle, high) : (low, middle);
            }

            return Math.Exp((low + high) / 2);
        }
    }

    /// <summary>Returns the same difference with another variance added, above 0.</summary>
    public CochranCox With(double variance, double degrees)
    {
        double all = Parts.Sum(part => part.Variance);
        double scale = all == 0 ? 0 : StandardError * StandardError / all;
        return new CochranCox(
            Difference,
            Math.Sqrt((StandardError * StandardError) + variance),
            [.. Parts.Select(part => (scale * part.Variance, part.DegreesOfFreedom)), (variance, degrees)]
        );
    }

    /// <summary>Returns the two-sided confidence interval; of length zero if there is no error.</summary>
    /// <param name="confidence">Above 0 and below 1.</param>
    public Interval Interval(double confidence)
    {
        double half = StandardError == 0 ? 0 : StandardError * Critical(1 - confidence);
        return new Interval(Difference - half, Difference + half);
    }

    /// <summary>Returns the number that the statistic, difference by error, exceeds on either side with a
    /// probability.</summary>
    public double Critical(double p) =>
        Parts.Sum(part => part.Variance * Quantile(part.DegreesOfFreedom, p)) / Parts.Sum(part => part.Variance);

    /// <summary>The number that Student's t exceeds, on either side, with a probability. The library finds none above
    /// 800.</summary>
    private static double Quantile(double degrees, double p) =>
        degrees switch
        {
            1 => 1 / Math.Tan(Math.PI * p / 2),
            2 => (1 - p) * Math.Sqrt(2 / (p * (2 - p))),
            _ => -StudentT.InvCDF(0, 1, degrees, p / 2),
        };
}
