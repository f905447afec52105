using BreakHis.Specs;

namespace BreakHis.Training.Backbones;

/// <summary>Selects the modules of a backbone that a stage trains.</summary>
internal static class TrainedModules
{
    /// <summary>
    /// The names of the trained convolutions and batch norms, such as <c>Mixed_7b.branch1x1.conv</c>: those of the
    /// named block and all blocks after it, or those with the given index or a higher one in Keras 2's list of layers.
    /// </summary>
    /// <param name="from">A block of <see cref="BackboneFacts.Blocks"/>, or a Keras layer of Inception V3.</param>
    /// <exception cref="ArgumentException">The backbone has no such block, or no list of Keras layers.</exception>
    public static IReadOnlySet<string> Of(Backbone backbone, TrainFrom from)
    {
        IEnumerable<string> names = from switch
        {
            { Block: { } block } => FromBlock(backbone, block),
            { KerasLayer: { } layer } => FromKerasLayer(backbone, layer),
            _ => throw new ArgumentException("Neither a block nor a Keras layer is given.", nameof(from)),
        };
        return names.ToHashSet(StringComparer.Ordinal);
    }

    private static IEnumerable<string> FromBlock(Backbone backbone, string block)
    {
        string[] trained = [.. backbone.Blocks.Select(b => b.Name).SkipWhile(n => n != block)];
        return trained.Length > 0
            ? backbone
                .Units()
                .Where(u => trained.Contains(u.Name.Split('.')[0], StringComparer.Ordinal))
                .SelectMany(u => new[] { Convolution(u.Name), Norm(u.Name) })
            : throw new ArgumentException($"{backbone.Facts.Name} has no block '{block}'.", nameof(block));
    }

    private static IEnumerable<string> FromKerasLayer(Backbone backbone, int layer)
    {
        if (backbone.Facts != BackboneFacts.InceptionV3)
        {
            throw new ArgumentException($"{backbone.Facts.Name} has no list of Keras layers.", nameof(backbone));
        }

        foreach (((string name, _), (int convolution, int norm)) in backbone.Units().Zip(KerasLayers.InceptionV3))
        {
            if (convolution >= layer)
            {
                yield return Convolution(name);
            }

            if (norm >= layer)
            {
                yield return Norm(name);
            }
        }
    }

    private static string Convolution(string unit) => $"{unit}.conv";

    private static string Norm(string unit) => $"{unit}.bn";
}
