using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>The first convolution, and a 3x3 max pool of stride two. N x 3 x H x W to N x 64 x H/4 x W/4.</summary>
internal sealed class ResidualStem : NamingModule
{
    public ResidualStem(ConvNormActivation unit)
        : base(nameof(ResidualStem))
    {
        Unit = unit;
        register_module("unit", unit);
    }

    public ConvNormActivation Unit { get; }

    public override Tensor forward(Tensor input)
    {
        return nn.functional.max_pool2d(Unit.call(input), 3, stride: 2, padding: 1);
    }
}
