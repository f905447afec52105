using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>The distance between two lists of numbers, relative to the size of the expected values.</summary>
internal static class Closeness
{
    /// <summary>The largest difference divided by the largest expected magnitude.</summary>
    public static double Relative(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(float.IsFinite(actual[i]), $"value {i} is {actual[i]}");
            difference = Math.Max(difference, Math.Abs(expected[i] - actual[i]));
            magnitude = Math.Max(magnitude, Math.Abs(expected[i]));
        }

        Assert.True(magnitude > 0, "nothing but zeros is expected");
        return difference / magnitude;
    }

    /// <summary>Fails if the distance exceeds the allowed one. Reports the distance in either case.</summary>
    public static void Assure(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double allowed)
    {
        double relative = Relative(expected, actual);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest relative error {relative:E2}");
        Assert.True(relative <= allowed, $"largest relative error {relative:E2}, allowed {allowed:E2}");
    }
}
