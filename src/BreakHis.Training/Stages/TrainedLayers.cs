using BreakHis.Specs;
using BreakHis.Training.Backbones;

namespace BreakHis.Training.Stages;

internal static class TrainedLayers
{
    public static IReadOnlySet<string> Of(Backbone backbone, TrainFrom from) =>
        backbone
            .Blocks.SkipWhile(b => b.Name != from.Block)
            .SelectMany(b =>
                b.Module.named_modules().Select(m => m.name.Length == 0 ? b.Name : $"{b.Name}.{m.name}").Append(b.Name)
            )
            .ToHashSet(StringComparer.Ordinal);
}
