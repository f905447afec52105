using BreakHis.Numerics;
using BreakHis.Statistics;
using CsCheck;
using MathNet.Numerics.Distributions;
using Xunit;

namespace BreakHis.Tests.Statistics;

public sealed class GroupSequentialTests
{
    private static readonly double[] Fifths = [0.2, 0.4, 0.6, 0.8, 1];

    /// <summary>The published bounds come from coarser integration. The exact second one is 3.357012.</summary>
    [Fact]
    public void Five_looks_have_the_published_bounds() =>
        AssertNear(
            [4.8769, 3.3569, 2.6803, 2.2898, 2.0310],
            GroupSequential.Bounds(Fifths, 0.025, twoSided: true),
            0.00012
        );

    /// <summary>The published bounds come from coarser integration. The exact second one is 2.539943.</summary>
    [Fact]
    public void Four_one_sided_looks_have_the_published_bounds() =>
        AssertNear(
            [3.74955, 2.53993, 2.01604, 1.72014],
            GroupSequential.Bounds([0.25, 0.5, 0.75, 1], 0.05, twoSided: false),
            0.00005
        );

    /// <summary>By scipy's adaptive quadrature and root finder.</summary>
    [Fact]
    public void Two_looks_have_the_bounds_of_an_independent_integration()
    {
        AssertNear([4.876884949, 3.357011922], GroupSequential.Bounds([0.2, 0.4], 0.025, twoSided: true), 1e-8);
        AssertNear([3.749551837, 2.539942573], GroupSequential.Bounds([0.25, 0.5], 0.05, twoSided: false), 1e-8);
    }

    /// <summary>
    /// O'Brien and Fleming's bounds, Pocock's, and none: five and ten looks at 1.96 are published as 14.17 and 19.34 %, and
    /// numpy's quadrature with 1,500 nodes gives these digits.
    /// </summary>
    [Theory]
    [InlineData(new[] { 4.562, 3.226, 2.634, 2.281, 2.040 }, 0.0500, 0.0001)]
    [InlineData(new[] { 2.413, 2.413, 2.413, 2.413, 2.413 }, 0.0500, 0.0001)]
    [InlineData(new[] { 1.96, 1.96, 1.96, 1.96, 1.96 }, 0.141679, 0.000001)]
    [InlineData(new[] { 1.96, 1.96, 1.96, 1.96, 1.96, 1.96, 1.96, 1.96, 1.96, 1.96 }, 0.193343, 0.000001)]
    public void Looks_have_the_published_false_alarms(double[] bounds, double expected, double tolerance) =>
        Assert.Equal(
            expected,
            Crossing([.. bounds.Select((_, i) => (i + 1.0) / bounds.Length)], bounds, twoSided: true),
            tolerance
        );

    /// <summary>The probability that any look is beyond its bound, without a difference.</summary>
    private static double Crossing(double[] times, IReadOnlyList<double> bounds, bool twoSided)
    {
        var path = new SequentialPath(twoSided);
        double above = 0;
        foreach ((double time, double bound) in times.Zip(bounds))
        {
            above += path.Above(time, bound);
            path.Look(time, bound);
        }

        return twoSided ? 2 * above : above;
    }

    private static void AssertNear(double[] expected, IReadOnlyList<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    [Fact]
    public void One_look_is_an_ordinary_test() =>
        Assert.Equal(1.959964, GroupSequential.Bounds([1], 0.025, twoSided: true)[0], 6);

    [Fact]
    public void Bounds_spend_the_level() =>
        Gen.Select(Gen.Double[0.01, 1].Array[1, 8], Gen.Double[0.001, 0.2], Gen.Bool)
            .Select(drawn =>
            {
                double[] times = [.. drawn.Item1.Select(time => Math.Round(time, 2)).Distinct().Order()];
                return (Times: (double[])[.. times.Where(time => time is > 0 and < 1), 1], drawn.Item2, drawn.Item3);
            })
            .Sample(
                drawn =>
                {
                    (double[] times, double level, bool twoSided) = drawn;
                    double crossing = Crossing(times, GroupSequential.Bounds(times, level, twoSided), twoSided);
                    Assert.Equal(twoSided ? 2 * level : level, crossing, 1e-6);
                },
                iter: 100
            );

    /// <summary>An independent way to the same probability: draw the looks.</summary>
    [Fact]
    public void Five_looks_without_a_correction_give_the_false_alarms_of_simulations()
    {
        const int Simulations = 20_000;
        double[] steps = new double[5];
        int alarms = Enumerable
            .Range(0, Simulations)
            .Count(i =>
            {
                NormalNumbers.Draw(RandomStream.From(1, "looks", i), steps);
                double sum = 0;
                return steps.Select((step, k) => Math.Abs(sum += step) / Math.Sqrt(k + 1)).Any(z => z > 1.96);
            });

        double error = 3 * Math.Sqrt(0.1417 * (1 - 0.1417) / Simulations);
        Assert.Equal(0.1417, (double)alarms / Simulations, error);
    }

    /// <summary>Also far out, where the tail is small.</summary>
    [Fact]
    public void Many_looks_spend_no_more_than_the_level()
    {
        double[] times = [.. Enumerable.Range(1, 50).Select(look => look / 50.0)];
        IReadOnlyList<double> bounds = GroupSequential.Bounds(times, 0.025, twoSided: true);

        Assert.Equal(0.05, Crossing(times, bounds, twoSided: true), 1e-6);
        Assert.True(bounds.Zip(bounds.Skip(1)).All(pair => pair.First >= pair.Second));
        Assert.InRange(bounds[^1], Normal.InvCDF(0, 1, 0.975), 2.2);
    }

    [Theory]
    [InlineData(9, 2, 3.103030)]
    [InlineData(16, 6, 2.444092)]
    [InlineData(50, 21, 59.917350)]
    [InlineData(7, 1, 3.555556)]
    [InlineData(0, 0, 1)]
    public void Wins_have_the_published_e_values(int wins, int losses, double expected) =>
        Assert.Equal(expected, EValue.OfWins(wins, losses), 6);

    /// <summary>Its mean stays 1, so it is above 20 at any time with a probability of at most 5 %.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public void The_mean_e_value_of_fair_coins_is_one(int tosses) =>
        Assert.Equal(
            1,
            Enumerable
                .Range(0, tosses + 1)
                .Sum(wins => Binomial.PMF(0.5, tosses, wins) * EValue.OfWins(wins, tosses - wins)),
            9
        );
}
