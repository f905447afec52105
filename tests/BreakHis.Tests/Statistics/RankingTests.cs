using BreakHis.Statistics;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Statistics;

/// <summary>Area under the ROC curve, average precision, calibration and jackknife, by their definitions.</summary>
public sealed class RankingTests
{
    private static readonly Gen<(double Score, bool IsPositive)[]> SomeScores = Gen.Select(
        Gen.Int[0, 9].Select(tenths => tenths / 10.0),
        Gen.Bool
    ).Array[2, 40];

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order() =>
        SomeScores.Sample(images =>
        {
            (double, double)[] pairs =
            [
                .. from a in images from b in images where a.IsPositive && !b.IsPositive select (a.Score, b.Score),
            ];
            double expected = pairs.Sum(pair =>
                pair.Item1 > pair.Item2 ? 1.0
                : pair.Item1 < pair.Item2 ? 0
                : 0.5
            );
            Assert.Equal(expected / pairs.Length, Roc.Area(images), 1e-12);
        });

    [Fact]
    public void Average_precision_sums_precision_over_steps_of_recall() =>
        SomeScores.Sample(images =>
        {
            double positives = images.Count(image => image.IsPositive);
            double sum = 0;
            double before = 0;
            foreach (double threshold in images.Select(image => image.Score).Distinct().OrderDescending())
            {
                (double, bool IsPositive)[] chosen = [.. images.Where(image => image.Score >= threshold)];
                double found = chosen.Count(image => image.IsPositive);
                sum += (found / positives - before) * (found / chosen.Length);
                before = found / positives;
            }

            Assert.Equal(sum, Roc.AveragePrecision(images), 1e-12);
        });

    /// <summary>Two images in the bin from 0.6 to 0.667, with gaps of 0.62 - 1 and 0.64 - 0; one in the last bin.</summary>
    [Fact]
    public void Calibration_error_and_Brier_score_match_a_calculation_by_hand()
    {
        Classification[] images = [Of(0, 0, 0.62), Of(1, 0, 0.64), Of(0, 0, 1)];

        Assert.Equal((Math.Abs(0.62 - 1 + 0.64) + 0) / 3, Calibration.ExpectedError(images), 1e-12);
        Assert.Equal(2 * ((0.38 * 0.38) + (0.64 * 0.64)) / 3, Calibration.Brier(images), 1e-12);

        static Classification Of(int truth, int predicted, double p) => new(0, truth, predicted, [p, 1 - p]);
    }

    /// <summary>A probability of 1 is in the last bin, with that of 0.95: gaps of 1 - 0 and 0.95 - 1.</summary>
    [Fact]
    public void The_last_bin_includes_its_upper_end()
    {
        Classification[] images = [new(0, 1, 0, [1, 0]), new(0, 0, 0, [0.95, 0.05])];

        Assert.Equal(0.95 / 2, Calibration.ExpectedError(images), 1e-12);
    }

    [Fact]
    public void The_number_of_bins_is_that_of_the_source() => Assert.Equal(15, Calibration.Bins);

    /// <summary>For a mean, the jackknife is the usual variance of the mean.</summary>
    [Fact]
    public void The_jackknife_variance_of_a_mean_is_the_sample_variance_over_n() =>
        Gen.Double[-5, 5]
            .Array[2, 30]
            .Sample(values =>
            {
                double[] without = [.. values.Select(value => (values.Sum() - value) / (values.Length - 1))];
                double mean = values.Average();
                double expected = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length;
                Assert.Equal(expected, Jackknife.Covariance(without, without), 1e-9);
            });

    [Fact]
    public void The_jackknife_leaves_out_all_images_of_a_patient()
    {
        Classification[] images = [.. new[] { 0, 0, 1, 2 }.Select(patient => new Classification(patient, 0, 0, [1]))];

        Assert.Equal([2, 3, 3], Jackknife.WithoutEach(images, 3, left => left.Count));
        Assert.Equal([1, 3], Jackknife.WithoutEach(images, 2, left => left.Count));
    }
}
