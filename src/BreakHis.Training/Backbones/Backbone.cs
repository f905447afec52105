using BreakHis.Specs;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>A named part of a backbone. Maps N x C x H x W to N x C' x H' x W'.</summary>
/// <param name="Name">The name for <c>train_from</c>, and the prefix of its parameters' names.</param>
/// <param name="Module">The module, owned by the backbone.</param>
internal sealed record BackboneBlock(string Name, nn.Module<Tensor, Tensor> Module);

/// <summary>The definition of a backbone: its facts, and a function that creates its blocks in order.</summary>
internal sealed record BackboneDefinition(
    BackboneFacts Facts,
    Func<BackboneTraits, Device?, IEnumerable<BackboneBlock>> Blocks
);

/// <summary>
/// A network without its head: an ordered list of blocks. The input is images, N x 3 x H x W, with the
/// <c>Preprocessing</c> of the weights applied. The output is feature maps, N x <see cref="BackboneFacts.Features"/> x
/// h x w.
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

    /// <summary>How its operations must behave for its weights.</summary>
    public BackboneTraits Traits { get; }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<BackboneBlock> Blocks { get; }

    /// <summary>
    /// Creates a backbone with arbitrary parameters. Load weights into it, or call <see cref="InitialWeights.Draw"/>.
    /// </summary>
    /// <param name="name">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="ArgumentException">No backbone has that name.</exception>
    public static Backbone Create(string name, BackboneTraits traits) => Create(name, traits, device: null);

    /// <summary>Creates a backbone on a device. On <see cref="META"/> it has names and shapes, but no memory.</summary>
    internal static Backbone Create(string name, BackboneTraits traits, Device? device)
    {
        BackboneDefinition? definition = Definitions.FirstOrDefault(d => d.Facts.Name == name);
        return definition is null
            ? throw new ArgumentException($"There is no backbone '{name}'.", nameof(name))
            : new Backbone(definition, traits, device);
    }

    /// <summary>All convolutions with their batch norms, by name, in the order of the definition.</summary>
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
    /// Runs all blocks. Intermediate tensors are disposed when their block ends, unless a gradient needs them.
    /// </summary>
    /// <param name="input">
    /// Preprocessed images, N x 3 x H x W, float32; H and W at least <see cref="BackboneFacts.MinimumInputSize"/>.
    /// </param>
    /// <returns>Feature maps, N x C x h x w, in the caller's dispose scope.</returns>
    public override Tensor forward(Tensor input) => Run(input, 0, Blocks.Count);

    /// <summary>
    /// Runs the blocks from index <paramref name="first"/> up to, not including, <paramref name="end"/>.
    /// </summary>
    /// <param name="input">The input of block <paramref name="first"/>; not disposed.</param>
    /// <returns>
    /// The last block's output, in the caller's dispose scope; an alias of the input if no block runs.
    /// </returns>
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
