using BreakHis.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// ResNet-18 as shipped in the package Microsoft.ML.DnnImageFeaturizer.ResNet18, reconstructed from its ONNX graph
/// (CNTK 2.6). It follows He et al. 2016, arXiv:1512.03385, but stage 4 has three blocks. Projections are 1x1 with
/// stride two, unpadded; every ReLU follows a batch norm or a sum.
/// </summary>
/// <remarks>
/// In layers of stride two, the graph, exported for 224 x 224, pads one row and column less after the image than before
/// it. This is CNTK's rule for even sizes. Odd sizes need symmetric padding, or a block's sum would not fit its
/// shortcut. Symmetric padding gives the same result for even sizes, because no window reaches the last row.
/// </remarks>
internal static class ResNet18MlNet
{
    private const double Epsilon = 1e-5;

    public static BackboneDefinition Definition { get; } = new(BackboneFacts.ResNet18MlNet, Blocks);

    private static IEnumerable<BackboneBlock> Blocks(BackboneTraits traits, Device? device)
    {
        yield return new("stem", new ResidualStem(Unit(new(3, 64, 7, 7, 2, 3, 3), device)));
        yield return new("stage1", Stage(64, 64, blocks: 2, device));
        yield return new("stage2", Stage(64, 128, blocks: 2, device));
        yield return new("stage3", Stage(128, 256, blocks: 2, device));
        yield return new("stage4", Stage(256, 512, blocks: 3, device));
    }

    private static Sequential Stage(int input, int output, int blocks, Device? device)
    {
        return nn.Sequential(
            Enumerable
                .Range(0, blocks)
                .Select(i => ($"{i}", (nn.Module<Tensor, Tensor>)Block(i == 0 ? input : output, output, device)))
        );
    }

    /// <summary>
    /// Two 3x3 convolutions and a shortcut. If the number of channels changes, the resolution is halved.
    /// </summary>
    private static ResidualBlock Block(int input, int output, Device? device)
    {
        int stride = input == output ? 1 : 2;
        return new ResidualBlock(
            stride == 1 ? null : Unit(new(input, output, 1, 1, stride), device, Activation.None),
            Unit(new(input, output, 3, 3, stride, 1, 1), device),
            Unit(new(output, output, 3, 3, 1, 1, 1), device, Activation.None)
        );
    }

    private static ConvNormActivation Unit(
        ConvolutionShape shape,
        Device? device,
        Activation activation = Activation.Relu
    )
    {
        return new ConvNormActivation(shape, Epsilon, device) { Activation = activation };
    }
}
