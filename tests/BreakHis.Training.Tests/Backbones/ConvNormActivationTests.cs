using BreakHis.Training.Backbones;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Backbones;

public sealed class ConvNormActivationTests
{
    public static TheoryData<int, int, int, int, int, int, int> Shapes =>
        new()
        {
            // Kernel, stride, padding, input, groups.
            { 3, 3, 2, 1, 9, 9, 1 },
            { 3, 3, 2, 1, 8, 10, 1 },
            { 3, 3, 2, 0, 9, 8, 1 },
            { 1, 1, 2, 0, 7, 8, 1 },
            { 7, 7, 2, 3, 16, 17, 1 },
            { 1, 7, 2, 0, 9, 12, 1 },
            { 2, 3, 3, 1, 10, 11, 1 },
            { 3, 3, 2, 1, 9, 10, 16 },
            { 3, 3, 2, 1, 7, 7, 2 },
        };

    /// <summary>A batch of one image with one pixel: its variance is 0, and n - 1 as well.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0)]
    public void One_value_per_channel_moves_the_variance_towards_zero(double momentum)
    {
        using var unit = new ConvNormActivation(ConvolutionShape.Same(2, 3, 1), 0.001, null)
        {
            Activation = Activation.None,
        };
        unit.train();
        unit.Norm.momentum = momentum;
        using Tensor one = tensor(new float[] { 2, -3 }, [1, 2, 1, 1]);

        using Tensor output = unit.forward(one);

        Assert.All(output.data<float>().ToArray(), value => Assert.InRange(value, -1e-4f, 1e-4f));
        Assert.Equal(Enumerable.Repeat((float)(1 - momentum), 3), unit.Norm.running_var!.data<float>());
        unit.eval();
        Assert.All(unit.forward(one).data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    /// <summary>The normalized value is 0 whatever the input, so only the shift has a gradient.</summary>
    [Fact]
    public void One_value_per_channel_has_a_gradient()
    {
        using var unit = new ConvNormActivation(ConvolutionShape.Same(2, 3, 1), 0.001, null)
        {
            Activation = Activation.None,
        };
        unit.train();
        using Tensor one = tensor(new float[] { 2, -3 }, [1, 2, 1, 1]);

        unit.forward(one).sum().backward();

        Assert.Equal([1, 1, 1], unit.Norm.bias!.grad!.data<float>());
        Assert.Equal([0, 0, 0], unit.Norm.weight!.grad!.data<float>());
        Assert.All(unit.Convolution.weight!.grad!.data<float>(), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(Activation.None, new[] { -1f, 3, 7 })]
    [InlineData(Activation.Relu, new[] { 0f, 3, 7 })]
    [InlineData(Activation.Relu6, new[] { 0f, 3, 6 })]
    internal void The_activation_is_applied(Activation activation, float[] expected)
    {
        using var unit = new ConvNormActivation(ConvolutionShape.Same(1, 1, 1), 1e-3, null) { Activation = activation };
        unit.eval();
        using IDisposable inference = no_grad();
        unit.Convolution.weight!.fill_((float)Math.Sqrt(1.001));
        using Tensor output = unit.call(tensor(new[] { -1f, 3, 7 }, [1, 1, 1, 3]));

        float[] found = output.data<float>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(found.Zip(expected), p => Assert.Equal(p.Second, p.First, 1e-5f));
    }

    /// <summary>
    /// If an input needs a gradient, a strided convolution is computed as a sum of stride-one convolutions. With other
    /// numbers of channels, libtorch computes a wrong gradient on some machines
    /// (<see cref="BackboneTests.Convolutions_that_need_gradients_have_whole_blocks_of_channels"/>).
    /// </summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_strided_convolution_with_gradient_gives_the_same_result(
        int kernelHeight,
        int kernelWidth,
        int stride,
        int padding,
        int height,
        int width,
        int groups
    )
    {
        using var unit = new ConvNormActivation(
            new ConvolutionShape(16, 16, kernelHeight, kernelWidth, stride, padding, padding, groups),
            1e-3,
            null
        );
        unit.eval();
        using Tensor input = randn(3, 16, height, width, generator: new Generator(1)).requires_grad_();
        using Tensor reference = input.detach().clone().requires_grad_();

        Tensor output = unit.call(input);
        Tensor expected = unit.Norm.call(unit.Convolution.call(reference)).relu();
        Tensor gradient = randn(expected.shape, generator: new Generator(2));
        output.backward([gradient]);
        Tensor ofWeights = unit.Convolution.weight!.grad!.clone();
        unit.zero_grad();
        expected.backward([gradient]);

        Assert.Equal(expected.shape, output.shape);
        Assert.True(output.allclose(expected, rtol: 1e-4, atol: 1e-5));
        Assert.True(input.grad!.allclose(reference.grad!, rtol: 1e-4, atol: 1e-5));
        Assert.True(ofWeights.allclose(unit.Convolution.weight!.grad!, rtol: 1e-4, atol: 1e-4));
    }
}
