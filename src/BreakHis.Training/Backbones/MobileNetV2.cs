using BreakHis.Specs;
using BreakHis.Training.Determinism;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// MobileNet V2 (Sandler et al. 2018, arXiv:1801.04381) at full width, as in torchvision: one block for each of its
/// nineteen features.
/// </summary>
internal static class MobileNetV2
{
    private const double Epsilon = 1e-5;
    private const int StemChannels = 32;
    private const int LastChannels = 1280;

    /// <summary>
    /// Table 2 of the paper: expansion, output channels, repetitions, stride of the first repetition.
    /// </summary>
    private static readonly (int Expansion, int Output, int Repetitions, int Stride)[] Rows =
    [
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    ];

    public static BackboneDefinition Definition { get; } =
        new(
            BackboneFacts.MobileNetV2,
            (_, device) => BackboneFacts.MobileNetV2.Blocks.Zip(Features(device), (n, f) => new BackboneBlock(n, f))
        );

    private static IEnumerable<nn.Module<Tensor, Tensor>> Features(Device? device)
    {
        yield return Unit(ConvolutionShape.Same(3, StemChannels, 3, 2), device);
        int input = StemChannels;
        foreach ((int expansion, int output, int repetitions, int stride) in Rows)
        {
            for (int i = 0; i < repetitions; i++)
            {
                yield return Block(input, output, input * expansion, i == 0 ? stride : 1, device);
                input = output;
            }
        }

        yield return Unit(ConvolutionShape.Same(input, LastChannels, 1), device);
    }

    private static InvertedResidual Block(int input, int output, int width, int stride, Device? device) =>
        new(
            width == input ? null : Unit(ConvolutionShape.Same(input, width, 1), device),
            Unit(ConvolutionShape.Same(width, width, 3, stride, groups: width), device),
            Unit(ConvolutionShape.Same(width, output, 1), device, Activation.None),
            adds: stride == 1 && input == output
        );

    private static ConvNormActivation Unit(
        ConvolutionShape shape,
        Device? device,
        Activation activation = Activation.Relu6
    ) => new(shape, Epsilon, device) { Activation = activation };
}

/// <summary>
/// An inverted residual: an optional expansion (<c>expand</c>), a depthwise convolution (<c>depthwise</c>) and a
/// projection to fewer channels (<c>project</c>). The input is added if it has the output's shape.
/// </summary>
internal sealed class InvertedResidual : NamingModule
{
    private readonly ConvNormActivation[] _chain;
    private readonly bool _adds;

    public InvertedResidual(
        ConvNormActivation? expand,
        ConvNormActivation depthwise,
        ConvNormActivation project,
        bool adds
    )
        : base(nameof(InvertedResidual))
    {
        _adds = adds;
        _chain = expand is null ? [depthwise, project] : [expand, depthwise, project];
        if (expand is not null)
        {
            register_module("expand", expand);
        }

        register_module("depthwise", depthwise);
        register_module("project", project);
    }

    public override Tensor forward(Tensor input)
    {
        Tensor map = _chain.Aggregate(input, (previous, unit) => unit.call(previous));
        return _adds ? map.add_(input, SharedScalars.One) : map;
    }
}
