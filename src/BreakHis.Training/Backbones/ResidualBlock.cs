using BreakHis.Training.Determinism;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>
/// ReLU of the sum of a chain of convolutions (<c>first</c>, <c>second</c>, <c>third</c>) and the shortcut: the input
/// itself, or its <c>projection</c>.
/// </summary>
internal sealed class ResidualBlock : NamingModule
{
    private static readonly string[] Names = ["first", "second", "third"];

    public ResidualBlock(ConvNormActivation? projection, params ConvNormActivation[] chain)
        : base(nameof(ResidualBlock))
    {
        Projection = projection;
        Chain = [.. Names.Zip(chain)];
        foreach ((string name, ConvNormActivation unit) in Chain)
        {
            register_module(name, unit);
        }

        if (projection is not null)
        {
            register_module("projection", projection);
        }
    }

    /// <summary>The convolutions in sequence, by name.</summary>
    public IReadOnlyList<(string Name, ConvNormActivation Unit)> Chain { get; }

    public ConvNormActivation? Projection { get; }

    public override Tensor forward(Tensor input)
    {
        Tensor sum = Chain.Aggregate(input, (map, link) => link.Unit.call(map));
        return sum.add_(Projection?.call(input) ?? input, SharedScalars.One).relu_();
    }
}
