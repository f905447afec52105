using System.Diagnostics;
using BreakHis.Training.Determinism;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// A convolution without bias (<c>conv</c>), its batch norm (<c>bn</c>) and an <see cref="Activation"/>: the unit that
/// all backbones are built from. N x in x H x W to N x out x h x w.
/// </summary>
internal sealed class ConvNormActivation : NamingModule
{
    public ConvNormActivation(ConvolutionShape shape, double epsilon, Device? device)
        : base(nameof(ConvNormActivation))
    {
        Shape = shape;
        Convolution = nn.Conv2d(
            shape.Input,
            shape.Output,
            (shape.KernelHeight, shape.KernelWidth),
            stride: (shape.Stride, shape.Stride),
            padding: (shape.PaddingHeight, shape.PaddingWidth),
            groups: shape.Groups,
            bias: false,
            device: device
        );
        Norm = nn.BatchNorm2d(shape.Output, eps: epsilon, device: device);
        register_module("conv", Convolution);
        register_module("bn", Norm);
    }

    /// <summary>The convolution's channels, kernel, stride, padding and groups.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The convolution.</summary>
    public Conv2d Convolution { get; }

    /// <summary>The batch norm after it.</summary>
    public BatchNorm2d Norm { get; }

    /// <summary>The activation after the batch norm.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    public override Tensor forward(Tensor input)
    {
        bool strided = Shape.Stride > 1 && input.requires_grad;
        Tensor normalized = Normalize(strided ? Phases(input) : Convolution.call(input));
        return Activation switch
        {
            Activation.Relu => normalized.relu_(),
            Activation.Relu6 => normalized.relu6_(),
            Activation.None => normalized,
            _ => throw new UnreachableException($"unknown: {Activation}"),
        };
    }

    /// <summary>
    /// What the batch norm's forward does. TorchSharp's creates a scalar for every count of batches
    /// (<see cref="SharedScalars"/>).
    /// </summary>
    private Tensor Normalize(Tensor map)
    {
        if (!Norm.training)
        {
            return Apply(map, Norm.running_mean!, Norm.running_var!);
        }

        using (no_grad())
        {
            Norm.num_batches_tracked!.add_(SharedScalars.One, SharedScalars.One);
        }

        bool isSingle = map.shape[0] * map.shape[2] * map.shape[3] == 1;
        return isSingle ? NormalizeSingle(map) : Apply(map, Norm.running_mean!, Norm.running_var!);
    }

    /// <summary>
    /// A batch with one value per channel (one image, one pixel). libtorch divides its variance of 0 by n - 1 = 0, and
    /// the moving variance would be NaN. Here the divisor is at least 1, as in Keras. libtorch keeps the statistics that
    /// it is given for the backward pass, and these must not change: it is given copies.
    /// </summary>
    private Tensor NormalizeSingle(Tensor map)
    {
        Tensor mean = Norm.running_mean!.detach().clone();
        Tensor variance = Norm.running_var!.detach().clone();
        Tensor normalized = Apply(map, mean, variance);
        using IDisposable noGradient = no_grad();
        using var kept = (1 - Norm.momentum!.Value).ToScalar();
        Norm.running_mean!.copy_(mean);
        Norm.running_var!.mul_(kept);
        return normalized;
    }

    private Tensor Apply(Tensor map, Tensor mean, Tensor variance) =>
        nn.functional.batch_norm(
            map,
            mean,
            variance,
            Norm.weight,
            Norm.bias,
            Norm.training,
            Norm.momentum!.Value,
            Norm.eps
        );

    /// <summary>
    /// The same convolution as a sum of stride-one convolutions, one per phase: each takes the pixels of kernel and
    /// input that are a multiple of the stride apart. It needs as many multiplications. Its gradient has the same bits
    /// on all processors with the same instruction set; in a strided convolution, oneDNN orders the sums of the input
    /// gradient by cache sizes.
    /// </summary>
    private Tensor Phases(Tensor input)
    {
        int stride = Shape.Stride;
        Tensor padded = nn.functional.pad(
            input,
            [Shape.PaddingWidth, Shape.PaddingWidth, Shape.PaddingHeight, Shape.PaddingHeight]
        );
        long height = (padded.shape[2] - Shape.KernelHeight) / stride + 1;
        long width = (padded.shape[3] - Shape.KernelWidth) / stride + 1;
        return Enumerable
            .Range(0, Math.Min(stride, Shape.KernelHeight) * Math.Min(stride, Shape.KernelWidth))
            .Select(phase => Math.DivRem(phase, Math.Min(stride, Shape.KernelWidth)))
            .Select(phase => Phase(phase.Quotient, phase.Remainder))
            .Aggregate((sum, part) => sum.add(part, SharedScalars.One));

        Tensor Phase(int row, int column)
        {
            Tensor kernel = EveryFrom(Convolution.weight!, row, column, Shape.KernelHeight, Shape.KernelWidth);
            long rows = row + (height + kernel.shape[2] - 2) * stride + 1;
            long columns = column + (width + kernel.shape[3] - 2) * stride + 1;
            return nn.functional.conv2d(EveryFrom(padded, row, column, rows, columns), kernel, groups: Shape.Groups);
        }

        Tensor EveryFrom(Tensor map, int row, int column, long rows, long columns) =>
            map.slice(2, row, rows, stride).slice(3, column, columns, stride).contiguous();
    }
}

/// <summary>
/// The shape of a convolution: channels, kernel, stride and padding in pixels, and groups. Each group of input channels
/// feeds its own share of the output channels.
/// </summary>
internal sealed record ConvolutionShape(
    int Input,
    int Output,
    int KernelHeight,
    int KernelWidth,
    int Stride = 1,
    int PaddingHeight = 0,
    int PaddingWidth = 0,
    int Groups = 1
)
{
    /// <summary>A square kernel, padded so that stride one keeps the size.</summary>
    public static ConvolutionShape Same(int input, int output, int kernel, int stride = 1, int groups = 1) =>
        new(input, output, kernel, kernel, stride, kernel / 2, kernel / 2, groups);
}

/// <summary>The function applied to each value after a batch norm.</summary>
internal enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,
}
