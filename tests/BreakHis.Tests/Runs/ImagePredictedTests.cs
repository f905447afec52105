using BreakHis.Runs;
using Xunit;

namespace BreakHis.Tests.Runs;

public sealed class ImagePredictedTests
{
    [Theory]
    [InlineData(1, 0.25f, 0.5f, 0.25f)]
    [InlineData(2, 0.1f, 0.2f, 0.7f)]
    [InlineData(0, 1f)]
    public void The_class_with_the_largest_probability_is_predicted(int predicted, params float[] probabilities) =>
        Assert.Equal(predicted, new ImagePredicted("bottleneck", 0, probabilities).Predicted);

    [Theory]
    [InlineData(0, 0.5f, 0.5f)]
    [InlineData(0, 0.25f, 0.25f, 0.25f, 0.25f)]
    [InlineData(1, 0.2f, 0.4f, 0.4f)]
    public void The_first_of_equal_probabilities_is_predicted(int predicted, params float[] probabilities) =>
        Assert.Equal(predicted, new ImagePredicted("bottleneck", 0, probabilities).Predicted);
}
