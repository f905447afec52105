using BreakHis.Statistics;
using Xunit;

namespace BreakHis.Tests.Statistics;

public sealed class CochranCoxTests
{
    /// <summary>With one part, it is Student's t test: p as scipy.stats.t.sf gives it, twice.</summary>
    [Theory]
    [InlineData(1, 2.0, 0.2951672353008665)]
    [InlineData(1, 30.0, 0.021212804811070848)]
    [InlineData(2, 4.3, 0.050057154117091586)]
    [InlineData(7, 2.0, 0.08561932856297597)]
    [InlineData(37, 3.0, 0.00480973281160069)]
    public void With_one_part_it_is_Students_test(double degrees, double statistic, double expected)
    {
        var test = new CochranCox(statistic, 1, [(0.3, degrees)]);

        Assert.Equal(expected, test.P, 1e-6);
        Interval interval = test.Interval(1 - test.P);
        Assert.Equal(0, interval.Low, 1e-6);
        Assert.Equal(2 * statistic, interval.High, 1e-6);
    }

    /// <summary>The critical value at 5 % is the weighted mean of 12.706205 and 2.028094.</summary>
    [Fact]
    public void Critical_values_are_weighted_by_the_variances()
    {
        var test = new CochranCox(0, 1, [(1, 1), (3, 36)]);

        Assert.Equal((12.706204736 + 3 * 2.028094001) / 4, test.Interval(0.95).High, 1e-6);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.1, 0)]
    public void Without_an_error_a_difference_is_certain(double difference, double p)
    {
        var test = new CochranCox(difference, 0, [(0, 1), (0, 30)]);

        Assert.Equal(p, test.P);
        Assert.Equal(new Interval(difference, difference), test.Interval(0.95));
    }

    /// <summary>Accuracies are multiples of a fraction, so few seeds often agree exactly.</summary>
    [Fact]
    public void If_seeds_agree_by_chance_the_variance_over_patients_remains()
    {
        var covariances = new EstimateCovariances(0.002, 0.0005, 0.0004, 0.0004);

        CochranCox test = ObuchowskiRockette.CompareCautiously([0.8, 0.825], [0.85, 0.875], covariances, 40);

        Assert.Equal(0.05, test.Difference, 1e-12);
        Assert.Equal(Math.Sqrt(2 * 0.0015 / 2), test.StandardError, 1e-12);
        Assert.InRange(test.P, 0.2, 0.22);
    }

    [Fact]
    public void A_very_large_statistic_has_the_smallest_p() =>
        Assert.Equal(1e-8, new CochranCox(1e10, 1, [(1, 1), (1, 20)]).P, 1e-12);
}
