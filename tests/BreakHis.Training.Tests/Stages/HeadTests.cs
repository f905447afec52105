using BreakHis.Training.Stages;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Stages;

public sealed class HeadTests
{
    [Fact]
    public void Initial_weights_are_uniform_within_the_limits_of_Glorot_and_biases_zero()
    {
        using var head = new Head(300, [200], 8, 0.5, seed: 1);
        Dictionary<string, Tensor> state = head.state_dict();

        Assert.Equal(
            ["dense1.bias", "dense1.weight", "dense2.bias", "dense2.weight"],
            state.Keys.Order(StringComparer.Ordinal)
        );
        float limit = MathF.Sqrt(6f / 500);
        Assert.InRange(state["dense1.weight"].abs().max().item<float>(), 0.99f * limit, limit);
        Assert.InRange(state["dense1.weight"].mean().item<float>(), -0.001f, 0.001f);
        Assert.InRange(
            state["dense1.weight"].var().item<float>(),
            0.95f * limit * limit / 3,
            1.05f * limit * limit / 3
        );
        Assert.Equal(0, state["dense1.bias"].abs().max().item<float>());
    }

    [Fact]
    public void Initial_weights_depend_only_on_the_seed()
    {
        manual_seed(1);
        using var first = new Head(20, [10], 3, 0, seed: 5);
        manual_seed(2);
        using var second = new Head(20, [10], 3, 0, seed: 5);
        using var other = new Head(20, [10], 3, 0, seed: 6);

        Assert.True(first.state_dict()["dense2.weight"].Equals(second.state_dict()["dense2.weight"]));
        Assert.False(first.state_dict()["dense2.weight"].Equals(other.state_dict()["dense2.weight"]));
    }

    [Fact]
    public void Dropout_is_active_only_in_training()
    {
        using var head = new Head(20, [10], 3, 0.5, seed: 5);
        using Tensor input = ones(1, 20);
        head.eval();
        Assert.True(head.forward(input).Equals(head.forward(input)));
        head.train();
        Assert.False(head.forward(input).Equals(head.forward(input)));
    }
}
