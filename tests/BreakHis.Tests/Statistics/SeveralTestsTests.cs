using BreakHis.Numerics;
using BreakHis.Statistics;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Statistics;

/// <summary>Tests that count together.</summary>
public sealed class SeveralTestsTests
{
    [Fact]
    public void Holm_multiplies_the_smallest_p_value_by_all_and_the_next_ones_by_fewer() =>
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjusted([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 12)));

    [Fact]
    public void Adjusted_p_values_keep_their_order_and_are_never_smaller() =>
        Gen.Double[0, 1]
            .Array[1, 12]
            .Sample(ps =>
            {
                IReadOnlyList<double> adjusted = Holm.Adjusted(ps);

                Assert.All(adjusted.Zip(ps), pair => Assert.InRange(pair.First, pair.Second, 1));
                Assert.Equal(Math.Min(1, ps.Length * ps.Min()), adjusted.Min());
                foreach ((double p, double of) in ps.Zip(adjusted))
                {
                    Assert.True(ps.Zip(adjusted).All(other => other.First < p || other.Second >= of));
                }
            });

    [Fact]
    public void One_difference_has_the_p_value_of_the_exact_test() =>
        Gen.Int[-5, 5]
            .Array[1, 12]
            .Sample(
                differences => Assert.Equal(SignFlip.P(differences), Assert.Single(Adjusted(differences)), 1e-12),
                iter: 200
            );

    /// <summary>Two differences by the definition: all sign changes, each for both.</summary>
    [Fact]
    public void Two_differences_are_compared_with_the_larger_of_both() =>
        Gen.Select(Gen.Int[-3, 3].Array[7], Gen.Int[-3, 3].Array[7])
            .Sample(
                (a, b) =>
                {
                    double T(int[] differences, int signs) =>
                        differences.All(d => d == 0)
                            ? 0
                            : Math.Abs(differences.Select((d, i) => (signs >> i & 1) == 1 ? -d : d).Sum())
                                / Math.Sqrt(differences.Sum(d => d * d));
                    double[] largest =
                    [
                        .. Enumerable.Range(0, 128).Select(signs => Math.Max(T(a, signs), T(b, signs))),
                    ];

                    IReadOnlyList<double> adjusted = Adjusted(a, b);

                    Assert.Equal(largest.Count(t => t >= T(a, 0) - 1e-9) / 128.0, adjusted[0], 1e-12);
                    Assert.Equal(largest.Count(t => t >= T(b, 0) - 1e-9) / 128.0, adjusted[1], 1e-12);
                },
                iter: 200
            );

    [Fact]
    public void With_many_patients_sign_changes_are_drawn()
    {
        int[] differences = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? 2 : -(i % 2))];

        double drawn = Assert.Single(Adjusted(differences));

        double exact = SignFlip.P(differences);
        Assert.InRange(exact, 0.01, 0.5);
        Assert.Equal(exact, drawn, 4 * Math.Sqrt(exact * (1 - exact) / 100_000));
    }

    /// <summary>Equal differences are one test; independent ones are two.</summary>
    [Fact]
    public void Differences_that_depend_on_each_other_cost_less()
    {
        int[] first = [3, 1, 2, 2, 1, 3, -1, 2, 1, 1];
        int[] other = [1, -1, 2, -2, 1, -1, 1, -1, 1, -1];

        Assert.Equal(SignFlip.P(first), Adjusted(first, first)[0], 1e-12);
        Assert.InRange(Adjusted(first, other)[0], SignFlip.P(first) + 1e-9, 2 * SignFlip.P(first));
    }

    private static IReadOnlyList<double> Adjusted(params int[][] differences) =>
        MaxT.Adjusted(differences, RandomStream.From(1, "test"));
}
