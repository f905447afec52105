using BreakHis.Statistics;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Statistics;

/// <summary>Tests of paired classifiers, by their definitions.</summary>
public sealed class PairedTestsTests
{
    /// <summary>Hartigan's interval has the differences that the exact test does not reject, to within its steps.</summary>
    [Fact]
    public void The_sign_flip_interval_inverts_the_test() =>
        Gen.Int[-4, 4]
            .Array[6, 10]
            .Sample(
                differences =>
                {
                    const int Scale = 1000;
                    Interval interval = SignFlip.Interval([.. differences.Select(d => (d, 1))], 0.95);
                    if (differences.Distinct().Count() > 1)
                    {
                        Assert.InRange(P(interval.Low - 0.01), 0, 0.05);
                        Assert.InRange(P(interval.High + 0.01), 0, 0.05);
                        Assert.True(P(interval.Low + 0.01) > 0.05 || P(interval.High - 0.01) > 0.05);
                        Interval narrow = SignFlip.Interval([.. differences.Select(d => (d, 1))], 0.90);
                        Assert.True(narrow.Low >= interval.Low && narrow.High <= interval.High);
                    }

                    double P(double shift) =>
                        SignFlip.P([.. differences.Select(d => (int)Math.Round(Scale * (d - shift)))]);
                },
                iter: 30
            );

    /// <summary>Values of the binomial distribution by hand: 6/16 for two of four, 1/16 for none of four.</summary>
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(2, 2, 1 - 0.375 / 2)]
    [InlineData(0, 4, 1 / 16.0)]
    [InlineData(4, 0, 1 / 16.0)]
    [InlineData(1, 3, 2 * 5 / 16.0 - 4 / 16.0)]
    public void Mid_p_counts_half_of_the_observed(int onlyFirst, int onlySecond, double p) =>
        Assert.Equal(p, McNemar.MidP(onlyFirst, onlySecond), 1e-12);

    /// <summary>With three patients, one of whom has nearly all images, no difference can be rejected.</summary>
    [Fact]
    public void The_score_interval_is_everything_if_the_images_are_in_too_few_patients()
    {
        PairTable[] patients = [new(0, 30, 0, 0), new(1, 0, 0, 0), new(0, 0, 1, 0)];

        Assert.Equal(new Interval(-1, 1), ClusteredPairs.ScoreInterval(patients, 0.95));
    }

    [Fact]
    public void Rounding_is_no_covariance()
    {
        var covariances = new EstimateCovariances(0.01, 0.005, 0.004 + 1e-18, 0.004);

        Assert.Equal(0, ObuchowskiRockette.Shared(covariances));
        Assert.Equal(0.001, ObuchowskiRockette.Shared(covariances with { Other = 0.003 }), 1e-12);
        Assert.Equal(0, ObuchowskiRockette.Shared(covariances with { Other = 0.005 }));
    }
}
