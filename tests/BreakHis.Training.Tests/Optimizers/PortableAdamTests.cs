using BreakHis.Specs;
using BreakHis.Training.Optimizers;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Optimizers;

public sealed class PortableAdamTests
{
    [Fact]
    public void Square_roots_use_only_correctly_rounded_operations()
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
    public void Powers_match_the_C_library(double value, long exponent) =>
        Assert.Equal(Math.Pow(value, exponent), PortableAdam.Power(value, exponent), Math.Pow(value, exponent) * 1e-12);

    [Theory]
    [InlineData(0, false, 0.9, 0.999, 1e-8)]
    [InlineData(0.1, false, 0.9, 0.999, 1e-8)]
    [InlineData(0.1, true, 0.9, 0.999, 1e-8)]
    [InlineData(0.1, false, 0.7, 0.8, 0.5)]
    [InlineData(0.1, true, 0.7, 0.8, 0.5)]
    public void Steps_match_TorchSharp(double decay, bool decoupled, double beta1, double beta2, double epsilon)
    {
        Parameter ours = Weights();
        Parameter theirs = Weights();
        OptimizerSpec spec = decoupled
            ? new AdamWSpec
            {
                LearningRate = 0.01,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = epsilon,
                WeightDecay = decay,
            }
            : new AdamSpec
            {
                LearningRate = 0.01,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = epsilon,
                WeightDecay = decay,
            };
        using optim.Optimizer mine = OptimizerFactory.Create(spec, [("weights", ours)]);
        using optim.Optimizer reference = decoupled
            ? optim.AdamW([theirs], 0.01, beta1, beta2, epsilon, decay)
            : optim.Adam([theirs], 0.01, beta1, beta2, epsilon, decay);

        for (int i = 0; i < 20; i++)
        {
            Step(mine, ours);
            Step(reference, theirs);
        }

        Assert.True(ours.allclose(theirs, rtol: 1e-6, atol: 1e-7));
        Assert.False(ours.allclose(Weights(), rtol: 1e-3), "it moved");
    }

    /// <summary>
    /// A weight w with the gradient 2 (w - 1), computed by hand. With decay the gradient is 2 (w - 1) + 0.5 w, and each
    /// step is the gradient plus half of the previous step.
    /// </summary>
    [Fact]
    public void Sgd_has_momentum_and_decay()
    {
        Parameter weight = new(tensor(new[] { 3f }));
        using optim.Optimizer sgd = OptimizerFactory.Create(
            new SgdSpec
            {
                LearningRate = 0.1,
                Momentum = 0.5,
                WeightDecay = 0.5,
            },
            [("weight", weight)]
        );

        // Gradient 4 + 1.5 = 5.5: 3 - 0.55 = 2.45. Then 2.9 + 1.225 = 4.125, and 4.125 + 2.75 = 6.875: 2.45 - 0.6875.
        Step(sgd, weight);
        Assert.Equal(2.45f, weight.data<float>()[0], 1e-6f);
        Step(sgd, weight);
        Assert.Equal(1.7625f, weight.data<float>()[0], 1e-6f);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0)]
    [InlineData(0, 0.1)]
    [InlineData(0.9, 0.1)]
    public void Sgd_has_the_bits_of_TorchSharp(double momentum, double decay)
    {
        Parameter ours = Weights();
        Parameter theirs = Weights();
        SgdSpec spec = new()
        {
            LearningRate = 0.01,
            Momentum = momentum,
            WeightDecay = decay,
        };
        using optim.Optimizer mine = OptimizerFactory.Create(spec, [("weights", ours)]);
        using optim.Optimizer reference = optim.SGD([theirs], 0.01, momentum, weight_decay: decay);

        for (int i = 0; i < 5; i++)
        {
            Step(mine, ours);
            Step(reference, theirs);
        }

        Assert.Equal(theirs.data<float>().ToArray(), ours.data<float>().ToArray());
        Assert.NotEqual(Weights().data<float>().ToArray(), ours.data<float>().ToArray());
    }

    private static Parameter Weights() => new(arange(-50, 50, dtype: float32) / 10);

    private static void Step(optim.Optimizer optimizer, Parameter weights)
    {
        optimizer.zero_grad();
        (weights - 1).pow(2).sum().backward();
        optimizer.step();
    }
}
