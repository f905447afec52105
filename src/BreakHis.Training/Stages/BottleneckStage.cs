using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Features;
using BreakHis.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// The first stage: extracts features with the backbone in inference mode, once, and trains the head on them.
/// </summary>
internal static class BottleneckStage
{
    /// <summary>Runs the stage.</summary>
    public static IEnumerable<RunEvent> Run(
        Plan plan,
        BottleneckPlan stage,
        RunContext context,
        ResumePoint? from,
        CancellationToken cancellation
    )
    {
        yield return new StageStarted(StageNames.Bottleneck);
        var files = new StageFiles(context.Run);
        yield return files.SaveClasses(StageNames.Bottleneck, plan.Data.Classes);
        var cached = new CachedFeatures();
        foreach (Progressed progress in cached.Compute(stage.Features, context, cancellation))
        {
            yield return progress;
        }

        yield return new FeaturesReady(StageNames.Bottleneck, stage.Features.Key, cached.WereCached, cached.Sha256);
        var device = new Device(plan.Device);
        using Tensor features = cached.Features!.to(device, disposeAfter: true);
        LoopPlan loop = stage.Loop;
        using var head = new Head((int)features.shape[1], loop.Dense, plan.Data.Classes.Count, loop.Dropout, plan.Seed);
        head.to(device);
        using var training = new TrainingLoop(
            plan,
            loop,
            Model(features, RowsOf(plan.Data.Images, stage.Features), head),
            context,
            cancellation
        );
        foreach (RunEvent e in training.Run(fromEpochZero: false, from))
        {
            yield return e;
        }
    }

    /// <summary>Returns the row of each image of the plan in the features.</summary>
    private static long[] RowsOf(IReadOnlyList<PlannedImage> images, FeaturesPlan features)
    {
        var rows = features.Images.Index().ToDictionary(row => row.Item.Path, row => row.Index, StringComparer.Ordinal);
        return [.. images.Select(image => (long)rows[image.Path])];
    }

    private static StageModel Model(Tensor features, long[] rows, Head head) =>
        new(
            StageNames.Bottleneck,
            head.forward,
            (images, _) => features.index_select(0, tensor([.. images.Select(i => rows[i])], device: features.device)),
            () => head.train(),
            () => head.eval(),
            head.Modules,
            head.Trained,
            head.State
        );
}
