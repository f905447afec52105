using BreakHis.Numerics;
using Xunit;

namespace BreakHis.Tests.Numerics;

public sealed class PortableMathTests
{
    private const double Tolerance = 1e-14;

    [Fact]
    public void Sine_and_cosine_agree_with_the_platform_over_the_full_range()
    {
        for (int i = -200_000; i <= 200_000; i++)
        {
            double x = i * 5.242879;
            Assert.True(IsClose(Math.Sin(x), PortableMath.Sin(x)), $"sin {x:R}");
            Assert.True(IsClose(Math.Cos(x), PortableMath.Cos(x)), $"cos {x:R}");
            Assert.True(IsClose(Math.Sin(i * 1e-4), PortableMath.Sin(i * 1e-4)), $"sin {i}e-4");
            Assert.True(IsClose(Math.Cos(i * 1e-4), PortableMath.Cos(i * 1e-4)), $"cos {i}e-4");
        }
    }

    [Fact]
    public void Sine_and_cosine_keep_their_relative_accuracy_near_their_zeros()
    {
        for (int n = -600_000; n <= 600_000; n += 7)
        {
            double x = n * (Math.PI / 2);
            Assert.True(IsClose(Math.Sin(x), PortableMath.Sin(x)), $"sin {x:R}");
            Assert.True(IsClose(Math.Cos(x), PortableMath.Cos(x)), $"cos {x:R}");
        }
    }

    [Fact]
    public void Exponential_agrees_with_the_platform_over_the_full_range()
    {
        for (int i = -708_000; i <= 709_700; i++)
        {
            double x = i / 1000.0;
            Assert.True(IsClose(Math.Exp(x), PortableMath.Exp(x)), $"exp {x:R}");
        }
    }

    [Fact]
    public void Logarithm_agrees_with_the_platform_over_the_full_range()
    {
        for (double x = 1e-307; x < 1e307; x *= 1.0137)
        {
            Assert.True(IsClose(Math.Log(x), PortableMath.Log(x)), $"log {x:R}");
        }

        for (int i = 1; i < 200_000; i++)
        {
            Assert.True(IsClose(Math.Log(i * 1e-5), PortableMath.Log(i * 1e-5)), $"log {i}e-5");
        }
    }

    // The correctly rounded values, computed with 400 bits.
    [Theory]
    [InlineData(0.5, 0x3FDEAEE8744B05F0, 0x3FEC1528065B7D50)]
    [InlineData(3.0, 0x3FC210386DB6D55B, 0xBFEFAE04BE85E5D2)]
    [InlineData(-100.25, 0x3FD1BF00980DC35C, 0x3FEEBEC72BA6B0EC)]
    [InlineData(1048575.5, 0xBFC4CB305757FA66, 0x3FEF932EC65B1D71)]
    [InlineData(Math.PI, 0x3CA1A62633145C07, 0xBFF0000000000000)]
    public void Sine_and_cosine_have_golden_bits(double x, ulong sine, ulong cosine)
    {
        Assert.Equal(sine, BitConverter.DoubleToUInt64Bits(PortableMath.Sin(x)));
        Assert.Equal(cosine, BitConverter.DoubleToUInt64Bits(PortableMath.Cos(x)));
    }

    [Theory]
    [InlineData(10, 0x40D5829DCF950560)]
    [InlineData(0.1, 0x3FF1AEC7B35A00D4)]
    [InlineData(-700.5, 0x00C4FF475C68CA02)]
    [InlineData(709.5, 0x7FE81E9B4B52D0C9)]
    [InlineData(-740, 0x0000000000000055)]
    public void Exponential_has_golden_bits(double x, ulong expected) =>
        Assert.Equal(expected, BitConverter.DoubleToUInt64Bits(PortableMath.Exp(x)));

    [Theory]
    [InlineData(2, 0x3FE62E42FEFA39EF)]
    [InlineData(10, 0x40026BB1BBB55516)]
    [InlineData(0.999, 0xBF5064670D979B73)]
    [InlineData(1e-300, 0xC085963447F87FB5)]
    [InlineData(double.Epsilon, 0xC0874385446D71C3)]
    public void Logarithm_has_golden_bits(double x, ulong expected) =>
        Assert.Equal(expected, BitConverter.DoubleToUInt64Bits(PortableMath.Log(x)));

    [Theory]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(-746, 0)]
    [InlineData(0, 1)]
    [InlineData(710, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Exponential_of_the_extremes(double x, double expected) => Assert.Equal(expected, PortableMath.Exp(x));

    [Theory]
    [InlineData(-1, double.NaN)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(1, 0)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NaN, double.NaN)]
    public void Logarithm_of_the_extremes(double x, double expected) => Assert.Equal(expected, PortableMath.Log(x));

    [Fact]
    public void An_angle_out_of_range_is_rejected()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Sin(1.1e6));
        Assert.Throws<ArgumentOutOfRangeException>(() => PortableMath.Cos(double.NegativeInfinity));
        Assert.Equal(double.NaN, PortableMath.Sin(double.NaN));
    }

    private static bool IsClose(double expected, double actual) =>
        Math.Abs(expected - actual) <= Tolerance * Math.Abs(expected);
}
