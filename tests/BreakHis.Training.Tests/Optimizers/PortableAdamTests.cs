using BreakHis.Specs;
using BreakHis.Training.Optimizers;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Optimizers;

public sealed class PortableAdamTests
{
    [Fact]
    public void Square_roots_are_of_instructions_that_are_the_same_everywhere()
    {
        float[] values = [0, float.Epsilon, .. Enumerable.Range(1, 1_000_000).Select(i => i * 1.37e-9f)];

        float[] roots = PortableAdam.SquareRoot(tensor(values)).data<float>().ToArray();

        Assert.Equal(values.Select(value => 1 / (1 / MathF.Sqrt(value))), roots);
    }

    [Theory]
    [InlineData(0.999, 0)]
    [InlineData(0.999, 1)]
    [InlineData(0.9, 13)]
    [InlineData(0.999, 100_000)]
    public void Powers_are_those_of_the_C_library(double value, long exponent) =>
        Assert.Equal(Math.Pow(value, exponent), PortableAdam.Power(value, exponent), Math.Pow(value, exponent) * 1e-12);

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.1, false)]
    [InlineData(0.1, true)]
    public void Steps_are_those_of_TorchSharp(double decay, bool decoupled)
    {
        Parameter ours = Weights();
        Parameter theirs = Weights();
        OptimizerSpec spec = decoupled
            ? new AdamWSpec { LearningRate = 0.01, WeightDecay = decay }
            : new AdamSpec { LearningRate = 0.01, WeightDecay = decay };
        using optim.Optimizer mine = OptimizerFactory.Create(spec, [("weights", ours)]);
        using optim.Optimizer reference = decoupled
            ? optim.AdamW([theirs], 0.01, beta2: 0.999, weight_decay: decay)
            : optim.Adam([theirs], 0.01, beta2: 0.999, weight_decay: decay);

        for (int i = 0; i < 20; i++)
        {
            Step(mine, ours);
            Step(reference, theirs);
        }

        Assert.True(ours.allclose(theirs, rtol: 1e-6, atol: 1e-7));
        Assert.False(ours.allclose(Weights(), rtol: 1e-3), "it moved");
    }

    private static Parameter Weights() => new(arange(-50, 50, dtype: float32) / 10);

    private static void Step(optim.Optimizer optimizer, Parameter weights)
    {
        optimizer.zero_grad();
        (weights - 1).pow(2).sum().backward();
        optimizer.step();
    }
}
