using System.Numerics;
using BreakHis.Statistics;
using MathNet.Numerics.Distributions;
using Xunit;

namespace BreakHis.Tests.Statistics;

/// <summary>Published data sets and the results that their authors or packages give.</summary>
public sealed class PublishedTestsTests
{
    // Obuchowski 1998, Stat. Med. 17:1495-1507: 21 patients, 51 glands.
    private static readonly int[] ThyroidSizes = [3, 3, 3, 1, 3, 4, 3, 2, 2, 1, 3, 2, 3, 2, 2, 3, 3, 3, 2, 1, 2];
    private static readonly int[] ThyroidBoth = [0, 2, 3, 1, 2, 4, 3, 2, 1, 1, 2, 2, 3, 2, 0, 2, 2, 2, 2, 1, 2];

    private static readonly int[] ThyroidDifferences =
    [
        -2,
        -1,
        0,
        0,
        -1,
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        -2,
        0,
        0,
        -1,
        0,
        0,
        0,
    ];

    // The data set psychiatry of the R package clust.bin.pair.
    private static readonly int[] B =
    [
        .. "0 1 1 1 0 3 3 3 1 0 0 1 0 0 0 0 0 0 3 1 1 2 0 0 0 0 0 0 0".Split(' ').Select(int.Parse),
    ];
    private static readonly int[] C =
    [
        .. "4 2 3 2 1 3 0 2 2 4 2 4 3 2 1 3 1 2 0 0 0 2 1 2 2 0 0 1 1".Split(' ').Select(int.Parse),
    ];
    private static readonly int[] N =
    [
        .. "7 6 7 6 4 6 5 8 4 7 3 6 7 6 5 4 6 5 4 3 5 4 4 2 3 2 2 3 1".Split(' ').Select(int.Parse),
    ];
    private static readonly int[] A =
    [
        .. "1 1 3 2 2 0 0 0 0 0 1 1 1 2 2 1 2 1 0 2 1 0 1 0 0 0 0 1 0".Split(' ').Select(int.Parse),
    ];

    private static PairTable[] Thyroids { get; } =
    [
        .. ThyroidSizes.Select(
            (n, k) =>
            {
                int d = ThyroidDifferences[k];
                int a = ThyroidBoth[k];
                return new PairTable(a, Math.Max(0, -d), Math.Max(0, d), n - a - Math.Abs(d));
            }
        ),
    ];

    private static PairTable[] Psychiatry { get; } =
    [.. N.Select((n, k) => new PairTable(A[k], B[k], C[k], n - A[k] - B[k] - C[k]))];

    [Fact]
    public void Glands_give_the_published_statistics()
    {
        Near(4.5, McNemar.Statistic(7, 1));
        Near(3.661586, ClusteredPairs.Eliasziw(Thyroids));
        Near(2.857143, ClusteredPairs.Obuchowski(Thyroids));
        Near(2.315068, ClusteredPairs.Durkalski(Thyroids));
        Near(3.131660, ClusteredPairs.Yang(Thyroids));
        Assert.Equal(new PairTable(39, 7, 1, 4), Thyroids.Aggregate((a, b) => a + b));
        Assert.Equal(
            [.033895, .055681, .090969, .128126, .076786],
            new[] { 4.5, 3.661586, 2.857143, 2.315068, 3.131660 }.Select(x => Math.Round(P(x), 6))
        );
    }

    [Fact]
    public void Psychiatry_gives_the_published_statistics()
    {
        PairTable all = Psychiatry.Aggregate((a, b) => a + b);
        Near(11.845070, McNemar.Statistic(all.OnlyFirst, all.OnlySecond));
        Near(10.225896, ClusteredPairs.Eliasziw(Psychiatry));
        Near(7.185841, ClusteredPairs.Obuchowski(Psychiatry));
        Near(7.542267, ClusteredPairs.Durkalski(Psychiatry));
        Near(8.428559, ClusteredPairs.Yang(Psychiatry));
        Assert.Equal(.007348, P(ClusteredPairs.Obuchowski(Psychiatry)), 5e-7);
    }

    [Fact]
    public void Sign_flips_are_counted_exactly()
    {
        Assert.Equal(new BigInteger(327680), SignFlip.Extreme(ThyroidDifferences));
        Assert.Equal(.156250, SignFlip.P(ThyroidDifferences), 1e-12);
        int[] psychiatry = [.. Psychiatry.Select(patient => patient.Difference)];
        Assert.Equal(new BigInteger(3455424), SignFlip.Extreme(psychiatry));
        Assert.Equal(.006436229, SignFlip.P(psychiatry), 5e-10);
    }

    [Fact]
    public void Rates_of_patients_give_the_published_t()
    {
        TTest glands = PairedT.Of([.. Thyroids.Select(Rate)]);
        Near(-1.574168, glands.Statistic);
        Assert.Equal(20, glands.DegreesOfFreedom);
        TTest psychiatry = PairedT.Of([.. Psychiatry.Select(patient => -Rate(patient))]);
        Near(-3.137170, psychiatry.Statistic);
        Assert.Equal(28, psychiatry.DegreesOfFreedom);
    }

    // R package exact2x2, and Fagerland, Lydersen, Laake 2013, BMC Med. Res. Methodol. 13:91.
    [Theory]
    [InlineData(9, 2, .0385742)]
    [InlineData(1, 7, .0390625)]
    [InlineData(6, 16, .0346897)]
    public void Independent_pairs_have_the_published_mid_p_values(int b, int c, double midP) =>
        Assert.Equal(midP, McNemar.MidP(b, c), 5e-8);

    [Fact]
    public void Independent_pairs_have_the_published_statistic()
    {
        Near(4.454545, McNemar.Statistic(9, 2));
        Near(.034808, P(McNemar.Statistic(9, 2)));
    }

    /// <summary>The interval has the differences that the test does not reject.</summary>
    [Fact]
    public void The_score_interval_ends_where_the_test_rejects()
    {
        foreach (PairTable[] patients in (PairTable[][])[Thyroids, Psychiatry])
        {
            Interval interval = ClusteredPairs.ScoreInterval(patients, .95);
            Near(.05, P(Shifted(patients, interval.Low)));
            Near(.05, P(Shifted(patients, interval.High)));
            bool isRejected = P(ClusteredPairs.Obuchowski(patients)) < .05;
            Assert.Equal(isRejected, interval.Low > 0 || interval.High < 0);
        }

        static double Shifted(PairTable[] patients, double by)
        {
            double[] rests = [.. patients.Select(patient => patient.Difference - (by * patient.Images))];
            return (patients.Length - 1.0) / patients.Length * Math.Pow(rests.Sum(), 2) / rests.Sum(x => x * x);
        }
    }

    // VanDyke, in the R package MRMCaov; recomputed from the printed digits.
    [Fact]
    public void Five_readers_of_two_tests_give_the_published_comparison()
    {
        TTest test = ObuchowskiRockette.Compare(
            [.94783, .90531, .92174, .99936, .92995],
            [.91965, .85878, .90386, .97311, .82979],
            new EstimateCovariances(.00078839, .00034167, .00033906, .00023561)
        );
        Near(-.0438, test.Difference);
        Near(15.035844, test.DegreesOfFreedom);
        Near(.0206709, test.StandardError);
        Near(-2.118919, test.Statistic);
        Near(.0511552, test.P);
        double half = test.StandardError * StudentT.InvCDF(0, 1, test.DegreesOfFreedom, .975);
        Assert.Equal(-.0878499, test.Difference - half, 5e-8);
        Assert.Equal(.0002499, test.Difference + half, 5e-8);
    }

    private static double Rate(PairTable patient) => (double)patient.Difference / patient.Images;

    private static double P(double chiSquared) => 1 - MathNet.Numerics.Distributions.ChiSquared.CDF(1, chiSquared);

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 5e-7);
}
