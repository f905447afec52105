using BreakHis.Statistics;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Statistics;

public sealed class BivariateNormalTests
{
    /// <summary>As scipy.stats.multivariate_normal.cdf gives them.</summary>
    [Theory]
    [InlineData(0, 0.1, 0.26594214021463)]
    [InlineData(0, 0.5, 0.3333333333333333)]
    [InlineData(0, 0.9, 0.4282168534356469)]
    [InlineData(0.5, 0.5, 0.5462444438570895)]
    [InlineData(1.2, 0.9, 0.8504201709551287)]
    [InlineData(-0.8, 0.1, 0.05354644391252325)]
    [InlineData(-0.8, 0.9, 0.16001732720811657)]
    [InlineData(2, 0.5, 0.9585526823388045)]
    public void Two_numbers_are_below_a_threshold_as_often_as_scipy_finds(
        double threshold,
        double correlation,
        double expected
    ) => Assert.Equal(expected, BivariateNormal.Both(threshold, correlation), 1e-10);

    [Fact]
    public void Independent_results_are_right_together_by_the_product_and_equal_ones_by_one_of_them()
    {
        double one = MathNet.Numerics.Distributions.Normal.CDF(0, 1, 0.7);

        Assert.Equal(one * one, BivariateNormal.Both(0.7, 0), 1e-12);
        Assert.Equal(one, BivariateNormal.Both(0.7, 1), 1e-7);
    }

    [Fact]
    public void A_correlation_is_found_again() =>
        Gen.Select(Gen.Double[0.02, 0.98], Gen.Double[0, 0.99])
            .Sample(
                (one, correlation) =>
                {
                    double threshold = MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, one);
                    double both = BivariateNormal.Both(threshold, correlation);

                    Assert.Equal(correlation, BivariateNormal.Correlation(one, both), 1e-6);
                },
                iter: 200
            );

    [Fact]
    public void Results_that_are_right_together_less_often_than_by_chance_have_no_correlation() =>
        Assert.Equal(0, BivariateNormal.Correlation(0.8, 0.6), 1e-12);
}
