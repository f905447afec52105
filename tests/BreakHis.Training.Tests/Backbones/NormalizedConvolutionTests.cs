using BreakHis.Training.Backbones;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Backbones;

public sealed class NormalizedConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int> Shapes =>
        new()
        {
            // Kernel, stride, padding, input.
            { 3, 3, 2, 1, 9, 9 },
            { 3, 3, 2, 1, 8, 10 },
            { 3, 3, 2, 0, 9, 8 },
            { 1, 1, 2, 0, 7, 8 },
            { 7, 7, 2, 3, 16, 17 },
            { 1, 7, 2, 0, 9, 12 },
            { 2, 3, 3, 1, 10, 11 },
        };

    /// <summary>Where an input needs a gradient, a strided convolution is computed as a sum of convolutions without stride.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_strided_convolution_with_gradient_is_the_same_convolution(
        int kernelHeight,
        int kernelWidth,
        int stride,
        int padding,
        int height,
        int width
    )
    {
        using var unit = new NormalizedConvolution(
            new ConvolutionShape(5, 6, kernelHeight, kernelWidth, stride, padding, padding),
            1e-3,
            null
        );
        unit.eval();
        using Tensor input = randn(3, 5, height, width, generator: new Generator(1)).requires_grad_();
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
