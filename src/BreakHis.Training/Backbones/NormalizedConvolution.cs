using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// A convolution without bias (<c>conv</c>) and its batch norm (<c>bn</c>), and a ReLU where <see cref="Rectified"/>:
/// the unit from which every backbone here is made. N x in x H x W to N x out x h x w.
/// </summary>
internal sealed class NormalizedConvolution : NamingModule
{
    public NormalizedConvolution(ConvolutionShape shape, double epsilon, Device? device)
        : base(nameof(NormalizedConvolution))
    {
        Shape = shape;
        Convolution = nn.Conv2d(
            shape.Input,
            shape.Output,
            (shape.KernelHeight, shape.KernelWidth),
            stride: (shape.Stride, shape.Stride),
            padding: (shape.PaddingHeight, shape.PaddingWidth),
            bias: false,
            device: device
        );
        Norm = nn.BatchNorm2d(shape.Output, eps: epsilon, device: device);
        register_module("conv", Convolution);
        register_module("bn", Norm);
    }

    /// <summary>The convolution's measures.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The convolution.</summary>
    public Conv2d Convolution { get; }

    /// <summary>The batch norm after it.</summary>
    public BatchNorm2d Norm { get; }

    /// <summary>Whether a ReLU follows.</summary>
    public bool Rectified { get; init; } = true;

    public override Tensor forward(Tensor input)
    {
        Tensor normalized = Norm.call(Convolution.call(input));
        return Rectified ? normalized.relu_() : normalized;
    }
}

/// <summary>The measures of a convolution: channels, kernel, stride and padding in pixels.</summary>
internal sealed record ConvolutionShape(
    int Input,
    int Output,
    int KernelHeight,
    int KernelWidth,
    int Stride = 1,
    int PaddingHeight = 0,
    int PaddingWidth = 0
);
