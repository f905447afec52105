using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Statistics;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Statistics;

public sealed class StatisticsTests
{
    private static readonly Gen<(int Correct, int Images)> Counts =
        from images in Gen.Int[1, 5000]
        from correct in Gen.Int[0, images]
        select (correct, images);

    // Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_matches_the_published_intervals(int correct, int images, double low, double high)
    {
        Interval interval = ShareStatistics.Wilson(correct, images);
        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
    }

    [Fact]
    public void Wilson_contains_the_proportion_and_stays_between_0_and_1() =>
        Counts.Sample(n =>
        {
            Interval interval = ShareStatistics.Wilson(n.Correct, n.Images);
            double share = (double)n.Correct / n.Images;
            return 0 <= interval.Low
                && interval.Low <= share
                && share <= interval.High
                && interval.High <= 1
                && interval.Low < interval.High;
        });

    [Fact]
    public void Wilson_is_symmetric_in_hits_and_misses() =>
        Counts.Sample(n =>
        {
            (Interval hits, Interval misses) = (
                ShareStatistics.Wilson(n.Correct, n.Images),
                ShareStatistics.Wilson(n.Images - n.Correct, n.Images)
            );
            return Math.Abs(hits.Low - (1 - misses.High)) < 1e-12 && Math.Abs(hits.High - (1 - misses.Low)) < 1e-12;
        });

    [Fact]
    public void Wilson_limits_are_where_the_score_test_starts_to_reject() =>
        Counts
            .Where(n => n.Correct > 0 && n.Correct < n.Images)
            .Sample(n =>
            {
                Interval interval = ShareStatistics.Wilson(n.Correct, n.Images);
                double share = (double)n.Correct / n.Images;
                return new[] { interval.Low, interval.High }.All(p =>
                    Math.Abs(Math.Abs(share - p) / Math.Sqrt(p * (1 - p) / n.Images) - 1.959963984540054) < 1e-6
                );
            });

    [Fact]
    public void Wilson_narrows_with_more_images() =>
        Counts.Sample(n =>
        {
            (Interval few, Interval many) = (
                ShareStatistics.Wilson(n.Correct, n.Images),
                ShareStatistics.Wilson(4 * n.Correct, 4 * n.Images)
            );
            return many.High - many.Low < few.High - few.Low;
        });

    [Fact]
    public void Wilson_is_exactly_0_without_hits_and_exactly_1_without_misses() =>
        Assert.All(
            Enumerable.Range(1, 500),
            images =>
            {
                Assert.Equal(0, ShareStatistics.Wilson(0, images).Low);
                Assert.Equal(1, ShareStatistics.Wilson(images, images).High);
            }
        );

    [Fact]
    public void Wilson_is_uninformative_without_images_and_rejects_impossible_counts()
    {
        Assert.Equal(new Interval(0, 1), ShareStatistics.Wilson(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareStatistics.Wilson(-1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareStatistics.Wilson(6, 5));
        Assert.Throws<ArgumentOutOfRangeException>("images", () => ShareStatistics.Wilson(-1, -1));
    }

    // The definition of Spanhol et al. 2016: (8/10 + 1/2) / 2, while 9 of 12 images are correct.
    [Fact]
    public void Patient_recognition_rate_is_the_mean_of_patient_scores()
    {
        IReadOnlyList<GroupResult> patients = ShareStatistics.ByGroup([
            .. Enumerable.Range(0, 10).Select(i => ("b", i < 8)),
            ("a", true),
            ("a", false),
        ]);
        Assert.Equal([new GroupResult("a", 2, 1), new GroupResult("b", 10, 8)], patients);
        Assert.Equal(0.65, ShareStatistics.PatientRecognitionRate(patients), 12);
        Assert.True(double.IsNaN(ShareStatistics.PatientRecognitionRate([])));
    }

    [Fact]
    public void Groups_contain_every_image_once_in_any_order() =>
        Gen.Select(Gen.Int[0, 9], Gen.Bool, (group, correct) => ($"p{group}", correct))
            .Array[0, 200]
            .Sample(verdicts =>
            {
                IReadOnlyList<GroupResult> groups = ShareStatistics.ByGroup(verdicts);
                return groups.Sum(group => group.Images) == verdicts.Length
                    && groups.Sum(group => group.Correct) == verdicts.Count(verdict => verdict.correct)
                    && groups.All(group => group.Images > 0 && group.Rate is >= 0 and <= 1)
                    && groups.SequenceEqual(ShareStatistics.ByGroup(verdicts.Reverse()));
            });

    [Fact]
    public void Patient_rate_equals_the_image_rate_if_patients_have_equally_many_images() =>
        Gen
            .Bool.Array[5]
            .Array[1, 30]
            .Sample(patients =>
            {
                IReadOnlyList<GroupResult> groups = ShareStatistics.ByGroup(
                    patients.SelectMany((images, p) => images.Select(correct => ($"{p}", correct)))
                );
                double rate = patients.SelectMany(images => images).Average(correct => correct ? 1.0 : 0);
                return Math.Abs(ShareStatistics.PatientRecognitionRate(groups) - rate) < 1e-12;
            });

    [Fact]
    public void Shared_patients_are_on_both_sides_and_not_unknown()
    {
        PlannedImage[] images =
        [
            Image("d", Side.Train),
            Image("d", Side.Validation),
            Image("a", Side.Train),
            Image("b", Side.Train),
            Image("b", Side.Validation),
            Image("c", Side.Validation),
            Image("", Side.Train),
            Image("", Side.Validation),
        ];
        Assert.Equal(["b", "d"], PatientLeaks.Patients(images));
    }

    [Fact]
    public void Pairs_count_images_that_only_one_run_classified_correctly()
    {
        (string, bool)[] before = [("1", true), ("2", true), ("3", false), ("4", false)];
        (string, bool)[] after = [("4", true), ("3", false), ("2", false), ("1", true)];
        Assert.Equal(new Pairs(1, 1), ShareStatistics.Pair(before, after));
        Assert.Null(ShareStatistics.Pair(before, after[1..]));
        Assert.Null(ShareStatistics.Pair(before, [.. after[1..], ("5", true)]));
        Assert.Null(ShareStatistics.Pair([], []));
    }

    [Fact]
    public void Median_is_the_middle_value()
    {
        Assert.Equal(2, ShareStatistics.Median([3, 1, 2]));
        Assert.Equal(2.5, ShareStatistics.Median([4, 1, 2, 3]));
        Assert.True(double.IsNaN(ShareStatistics.Median([])));
    }

    private static PlannedImage Image(string patient, Side side) => new("x", "", 0, patient, "", 0, side);
}
