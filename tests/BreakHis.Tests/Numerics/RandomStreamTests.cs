using BreakHis.Numerics;
using Xunit;

namespace BreakHis.Tests.Numerics;

public sealed class RandomStreamTests
{
    // Computed independently with unbounded integers, from the authors' description of xoshiro256**.
    [Fact]
    public void Generator_is_xoshiro256_starstar()
    {
        var random = new RandomStream(1, 2, 3, 4);
        ulong[] expected =
        [
            11520,
            0,
            1509978240,
            1215971899390074240,
            1216172134540287360,
            607988272756665600,
            16172922978634559625,
            8476171486693032832,
        ];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()));
    }

    // SHA-256 of (int64 seed, int32 length, purpose, int32 epoch, int32 length, item), computed independently.
    [Fact]
    public void Key_gives_golden_numbers()
    {
        var random = RandomStream.From(7, "shuffle", 3, "größe.png");
        ulong[] expected = [0xF5EE7929C5140033, 0x24540AA7E496341F, 0xE28C8A3D739CD8CB, 0xD0BE6A06FFF8682F];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()));

        random = RandomStream.From(7, "shuffle");
        double[] numbers = [0.1703012314148029, 0.6880630603538198, 0.7090024982118349];
        Assert.Equal(numbers, numbers.Select(_ => random.NextDouble()));
    }

    [Fact]
    public void Each_part_of_the_key_selects_a_different_stream()
    {
        RandomStream[] streams =
        [
            RandomStream.From(1, "ab", 0, "c"),
            RandomStream.From(1, "a", 0, "bc"),
            RandomStream.From(1, "abc"),
            RandomStream.From(1, "", 0, "abc"),
            RandomStream.From(1, "ab", 1, "c"),
            RandomStream.From(-1, "ab", 0, "c"),
            RandomStream.From(1L << 32, "ab", 0, "c"),
        ];
        Assert.Equal(streams.Length, streams.Select(stream => stream.NextUInt64()).Distinct().Count());
    }

    [Fact]
    public void Same_key_gives_the_same_stream()
    {
        (RandomStream one, RandomStream other) = (
            RandomStream.From(5, "mix", 2, "x"),
            RandomStream.From(5, "mix", 2, "x")
        );
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(one.Normal(), other.Normal());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200_000)]
    public void Many_normal_numbers_have_the_bits_of_single_ones(int count)
    {
        (RandomStream one, RandomStream many) = (RandomStream.From(9, "normal"), RandomStream.From(9, "normal"));
        double[] numbers = new double[count];
        NormalNumbers.Draw(many, numbers);

        Assert.All(
            numbers,
            number => Assert.Equal(BitConverter.DoubleToInt64Bits(one.Normal()), BitConverter.DoubleToInt64Bits(number))
        );
        Assert.Equal(one.NextUInt64(), many.NextUInt64());
    }

    [Fact]
    public void An_unpaired_surrogate_is_rejected() =>
        Assert.ThrowsAny<ArgumentException>(() => RandomStream.From(1, "\ud800"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10)]
    public void Below_is_uniform_and_in_range(int n)
    {
        var random = RandomStream.From(n, "below");
        int[] counts = new int[n];
        const int Total = 100_000;
        for (int i = 0; i < Total; i++)
        {
            counts[random.Below(n)]++;
        }

        double expected = (double)Total / n;
        Assert.All(
            counts,
            count => Assert.InRange(count, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected))
        );
    }

    [Fact]
    public void Below_covers_the_full_range_of_integers()
    {
        var random = RandomStream.From(1, "below");
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.Below(int.MaxValue), 0, int.MaxValue - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Below(0));
    }

    [Fact]
    public void Uniform_and_normal_have_their_moments()
    {
        var random = RandomStream.From(3, "moments");
        double[] uniform = Enumerable.Range(0, 50_000).Select(_ => random.Uniform(-1, 3)).ToArray();
        double[] normal = Enumerable.Range(0, 50_000).Select(_ => random.Normal()).ToArray();
        Assert.All(uniform, x => Assert.InRange(x, -1, 3));
        Assert.Equal(1, uniform.Average(), 0.03);
        Assert.Equal(0, normal.Average(), 0.03);
        Assert.Equal(1, normal.Average(x => x * x), 0.04);
        Assert.Equal(3, normal.Average(x => x * x * x * x), 0.2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Permutation_contains_each_number_once(int n) =>
        Assert.Equal(Enumerable.Range(0, n), RandomStream.From(1, "order").Permutation(n).Order());

    [Fact]
    public void Permutations_are_equally_likely()
    {
        var random = RandomStream.From(2, "order");
        int[] counts = Enumerable
            .Range(0, 24_000)
            .GroupBy(_ => string.Join(',', random.Permutation(4)), StringComparer.Ordinal)
            .Select(group => group.Count())
            .ToArray();
        Assert.Equal(24, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 840, 1160));
    }
}
