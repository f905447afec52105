using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>An Inception block: branches side by side over one map, their channels laid one after the other.</summary>
internal sealed class InceptionBlock : NamingModule
{
    private readonly Branch[] _branches;

    public InceptionBlock(params Branch[] branches)
        : base(nameof(InceptionBlock))
    {
        this._branches = branches;
        foreach ((string name, ConvNormActivation unit) in branches.SelectMany(b => b.Units))
        {
            register_module(name, unit);
        }
    }

    public override Tensor forward(Tensor input) => cat([.. _branches.SelectMany(b => b.Run(input))], 1);
}

/// <summary>A pool, a chain of convolutions and a fork, each of which may be missing, one after the other.</summary>
internal sealed record Branch
{
    /// <summary>What comes before the convolutions.</summary>
    public Func<Tensor, Tensor>? Pool { get; init; }

    /// <summary>Convolutions one after the other.</summary>
    public IReadOnlyList<(string Name, ConvNormActivation Unit)> Chain { get; init; } = [];

    /// <summary>Convolutions side by side at the end of the chain.</summary>
    public IReadOnlyList<(string Name, ConvNormActivation Unit)> Fork { get; init; } = [];

    /// <summary>All convolutions, in torchvision's order.</summary>
    public IEnumerable<(string Name, ConvNormActivation Unit)> Units => Chain.Concat(Fork);

    /// <summary>The branch's maps.</summary>
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
