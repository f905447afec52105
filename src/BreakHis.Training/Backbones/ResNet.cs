using BreakHis.Specs;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// ResNet (He et al. 2016, arXiv:1512.03385) as in torchvision: inside a block, a 3x3 convolution halves the resolution
/// (ResNet 1.5), and all strided layers pad symmetrically.
/// </summary>
internal static class ResNet
{
    private const double Epsilon = 1e-5;
    private const int StemChannels = 64;
    private const int Widening = 4;

    /// <summary>ResNet-18, with blocks of two 3x3 convolutions.</summary>
    public static BackboneDefinition ResNet18 { get; } =
        new(BackboneFacts.ResNet18, (_, device) => Blocks(Basic, [2, 2, 2, 2], widening: 1, device));

    /// <summary>ResNet-50, with blocks of a 1x1, a 3x3 and a 1x1 convolution, the last four times as wide.</summary>
    public static BackboneDefinition ResNet50 { get; } =
        new(BackboneFacts.ResNet50, (_, device) => Blocks(Bottleneck, [3, 4, 6, 3], Widening, device));

    /// <summary>Creates the convolutions of a block.</summary>
    /// <param name="width">The block's own channels.</param>
    private delegate ConvNormActivation[] Chain(int input, int width, int stride, Device? device);

    private static IEnumerable<BackboneBlock> Blocks(Chain chain, int[] depths, int widening, Device? device)
    {
        yield return new("stem", new ResidualStem(Unit(ConvolutionShape.Same(3, StemChannels, 7, 2), device)));
        int input = StemChannels;
        for (int i = 0; i < depths.Length; i++)
        {
            int width = StemChannels << i;
            int stride = i == 0 ? 1 : 2;
            var blocks = new List<(string, nn.Module<Tensor, Tensor>)>();
            for (int j = 0; j < depths[i]; j++)
            {
                blocks.Add(($"{j}", Block(chain, input, width, width * widening, j == 0 ? stride : 1, device)));
                input = width * widening;
            }

            yield return new($"layer{i + 1}", nn.Sequential(blocks));
        }
    }

    private static ResidualBlock Block(Chain chain, int input, int width, int output, int stride, Device? device) =>
        new(
            stride == 1 && input == output
                ? null
                : Unit(ConvolutionShape.Same(input, output, 1, stride), device, Activation.None),
            chain(input, width, stride, device)
        );

    private static ConvNormActivation[] Basic(int input, int width, int stride, Device? device) =>
        [
            Unit(ConvolutionShape.Same(input, width, 3, stride), device),
            Unit(ConvolutionShape.Same(width, width, 3), device, Activation.None),
        ];

    private static ConvNormActivation[] Bottleneck(int input, int width, int stride, Device? device) =>
        [
            Unit(ConvolutionShape.Same(input, width, 1), device),
            Unit(ConvolutionShape.Same(width, width, 3, stride), device),
            Unit(ConvolutionShape.Same(width, width * Widening, 1), device, Activation.None),
        ];

    private static ConvNormActivation Unit(
        ConvolutionShape shape,
        Device? device,
        Activation activation = Activation.Relu
    ) => new(shape, Epsilon, device) { Activation = activation };
}
