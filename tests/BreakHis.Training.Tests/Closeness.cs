using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>How far two lists of numbers are apart, against the size of what is expected.</summary>
internal static class Closeness
{
    /// <summary>Largest difference over largest expected magnitude.</summary>
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

    /// <summary>Fails where they are further apart than allowed; says by how much either way.</summary>
    public static void Assure(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double allowed)
    {
        double relative = Relative(expected, actual);
        TestContext.Current.TestOutputHelper?.WriteLine($"largest relative error {relative:E2}");
        Assert.True(relative <= allowed, $"largest relative error {relative:E2}, allowed {allowed:E2}");
    }
}
