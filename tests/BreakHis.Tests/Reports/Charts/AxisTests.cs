using BreakHis.Reports.Charts;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Reports.Charts;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0.13, 0.2)]
    [InlineData(0.2, 0.2)]
    [InlineData(0.21, 0.5)]
    [InlineData(1, 1)]
    [InlineData(6, 10)]
    [InlineData(10, 10)]
    [InlineData(0.000034, 0.00005)]
    [InlineData(1234, 2000)]
    public void Step_is_1_2_or_5_times_a_power_of_ten(double size, double expected) =>
        Assert.Equal((decimal)expected, Axis.NiceStep((decimal)size));

    [Fact]
    public void Fractions_have_exact_ticks()
    {
        var axis = Axis.Around([0.42, 0.93], 0, 1, 4);
        Assert.Equal([0.4m, 0.6m, 0.8m, 1.0m], axis.Ticks);
        Assert.Equal(1, axis.Decimals);
        Assert.Equal(
            ["40\u00a0%", "60\u00a0%", "80\u00a0%", "100\u00a0%"],
            axis.Ticks.Select(axis.Percent),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Integer_axes_start_at_0_and_do_not_exceed_the_maximum()
    {
        Assert.Equal([0m, 5m, 10m], Axis.Whole(12, 5).Ticks);
        Assert.Equal([0m, 1m, 2m], Axis.Whole(2, 5).Ticks);
        Assert.Equal([0m, 1m], Axis.Whole(0, 5).Ticks);
        Assert.Equal([0m, 50m, 100m, 150m], Axis.Whole(150, 5).Ticks);
    }

    [Fact]
    public void Empty_and_infinite_values_have_an_axis()
    {
        Assert.Equal(1, Axis.Around([], 0, 1, 4).High);
        Assert.Equal(1, Axis.Around([double.NaN, double.PositiveInfinity], 0, 1, 4).High);
        Assert.True(Axis.Around([0.5], 0, 1, 4) is { Low: < 0.5, High: > 0.5 });
        Assert.True(Axis.Around([1, 1], 0, 1, 4) is { Low: < 1, High: 1 });
    }

    [Fact]
    public void Axis_covers_its_values_in_few_intervals() =>
        Gen.Double[0, 1e6]
            .Array[1, 20]
            .Sample(values =>
            {
                var axis = Axis.Around(values, 0, double.MaxValue, 4);
                return axis.Count is >= 2 and <= 8
                    && axis.Low >= 0
                    && values.All(value => value >= axis.Low - 1e-9 && value <= axis.High + 1e-9);
            });

    [Fact]
    public void Positions_are_proportional_to_values()
    {
        var axis = Axis.Around([0, 1], 0, 1, 4);
        Assert.Equal(100, axis.Along(0, 100, 20));
        Assert.Equal(60, axis.Along(0.5, 100, 20));
        Assert.Equal(20, axis.Along(1, 100, 20));
    }
}
