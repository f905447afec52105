using BreakHis.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>One named part of a backbone. Maps N x C x H x W to N x C' x H' x W'.</summary>
/// <param name="Name">The name that <c>train_from</c> takes, and the start of its parameters' names.</param>
/// <param name="Module">The part itself; the backbone owns it.</param>
internal sealed record BackboneBlock(string Name, nn.Module<Tensor, Tensor> Module);

/// <summary>What makes a backbone: its facts, and its blocks freshly made, in order.</summary>
internal sealed record BackboneDefinition(
    BackboneFacts Facts,
    Func<BackboneTraits, Device?, IEnumerable<BackboneBlock>> Blocks
);

/// <summary>
/// A network without its head: an ordered list of blocks, from pictures N x 3 x H x W, prepared as its weights' own
/// <c>Preprocessing</c> says, to feature maps N x <see cref="BackboneFacts.Features"/> x h x w.
/// </summary>
internal sealed class Backbone : nn.Module<Tensor, Tensor>
{
    private static readonly BackboneDefinition[] Definitions =
    [
        InceptionV3.Definition,
        MobileNetV2.Definition,
        ResNet.ResNet18,
        ResNet18MlNet.Definition,
        ResNet.ResNet50,
    ];

    private Backbone(BackboneDefinition definition, BackboneTraits traits, Device? device)
        : base(definition.Facts.Name)
    {
        Facts = definition.Facts;
        Traits = traits;
        Blocks = [.. definition.Blocks(traits, device)];
        foreach (BackboneBlock block in Blocks)
        {
            register_module(block.Name, block.Module);
        }
    }

    /// <summary>Name, blocks and sizes.</summary>
    public BackboneFacts Facts { get; }

    /// <summary>What its weights demand of its operations.</summary>
    public BackboneTraits Traits { get; }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<BackboneBlock> Blocks { get; }

    /// <summary>
    /// A backbone whose parameters are arbitrary yet: load weights into it, or call <see cref="InitialWeights.Draw"/>.
    /// </summary>
    /// <param name="name">A name of <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="ArgumentException">There is no backbone of that name.</exception>
    public static Backbone Create(string name, BackboneTraits traits) => Create(name, traits, device: null);

    /// <summary>The same on a device; on <see cref="META"/> it has names and shapes, but no memory.</summary>
    internal static Backbone Create(string name, BackboneTraits traits, Device? device)
    {
        BackboneDefinition? definition = Definitions.FirstOrDefault(d => d.Facts.Name == name);
        return definition is null
            ? throw new ArgumentException($"There is no backbone '{name}'.", nameof(name))
            : new Backbone(definition, traits, device);
    }

    /// <summary>Every convolution with its batch norm by its name, in the order of the backbone's definition.</summary>
    internal IEnumerable<(string Name, ConvNormActivation Unit)> Units()
    {
        foreach ((string name, nn.Module module) in named_modules())
        {
            if (module is ConvNormActivation unit)
            {
                yield return (name, unit);
            }
        }
    }

    /// <summary>
    /// Runs all blocks. What a block computes on the way is disposed when it ends, unless its gradient needs it.
    /// </summary>
    /// <param name="input">Prepared pictures, N x 3 x H x W, float32; H and W at least <see cref="BackboneFacts.MinimumInputSize"/>.</param>
    /// <returns>Feature maps, N x C x h x w, in the caller's dispose scope.</returns>
    public override Tensor forward(Tensor input) => Run(input, 0, Blocks.Count);

    /// <summary>Runs the blocks from index <paramref name="first"/> up to, not including, <paramref name="end"/>.</summary>
    /// <param name="input">The input of the block <paramref name="first"/>; it is not disposed.</param>
    /// <param name="first">Index of the first block to run.</param>
    /// <param name="end">Index after the last block to run.</param>
    /// <returns>The last block's output, in the caller's dispose scope; an alias of the input where no block runs.</returns>
    public Tensor Run(Tensor input, int first, int end)
    {
        Tensor map = input.alias();
        for (int i = first; i < end; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            using Tensor before = map;
            map = Blocks[i].Module.call(before).MoveToOuterDisposeScope();
        }

        return map;
    }
}
