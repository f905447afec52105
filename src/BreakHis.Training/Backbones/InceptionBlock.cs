using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>An Inception block: parallel branches over the same input, concatenated along the channels.</summary>
internal sealed class InceptionBlock : NamingModule
{
    private readonly Branch[] _branches;

    public InceptionBlock(params Branch[] branches)
        : base(nameof(InceptionBlock))
    {
        _branches = branches;
        foreach ((string name, ConvNormActivation unit) in branches.SelectMany(b => b.Units))
        {
            register_module(name, unit);
        }
    }

    public override Tensor forward(Tensor input) => cat([.. _branches.SelectMany(b => b.Run(input))], 1);
}

/// <summary>A pool, then a chain of convolutions, then a fork. Each of the three is optional.</summary>
internal sealed record Branch
{
    /// <summary>The operation before the convolutions.</summary>
    public Func<Tensor, Tensor>? Pool { get; init; }

    /// <summary>Convolutions in sequence.</summary>
    public IReadOnlyList<(string Name, ConvNormActivation Unit)> Chain { get; init; } = [];

    /// <summary>Parallel convolutions at the end of the chain.</summary>
    public IReadOnlyList<(string Name, ConvNormActivation Unit)> Fork { get; init; } = [];

    /// <summary>All convolutions, in torchvision's order.</summary>
    public IEnumerable<(string Name, ConvNormActivation Unit)> Units => Chain.Concat(Fork);

    /// <summary>Computes the branch's feature maps.</summary>
    public IReadOnlyList<Tensor> Run(Tensor input)
    {
        Tensor map = Pool?.Invoke(input) ?? input;
        foreach ((_, ConvNormActivation unit) in Chain)
        {
            map = unit.call(map);
        }

        return Fork.Count == 0 ? [map] : [.. Fork.Select(f => f.Unit.call(map))];
    }
}
