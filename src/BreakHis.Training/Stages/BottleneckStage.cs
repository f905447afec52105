using BreakHis.Files;
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
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs the stage.</summary>
    public static IEnumerable<RunEvent> Run(
        Plan plan,
        BottleneckPlan stage,
        RunContext context,
        Checkpoint? from,
        CancellationToken cancellation
    )
    {
        yield return new StageStarted(StageNames.Bottleneck);
        var files = new StageFiles(context.Run);
        yield return files.SaveClasses(StageNames.Bottleneck, plan.Data.Classes);
        var cache = new FeatureCache(context.Home, stage.Features.Key);
        bool cached = cache.IsComplete;
        if (!cached)
        {
            foreach (Progressed progress in Compute(stage.Features, context, cache, cancellation))
            {
                yield return progress;
            }
        }

        yield return new FeaturesReady(StageNames.Bottleneck, stage.Features.Key, cached, cache.Sha256);
        var device = new Device(plan.Device);
        using Tensor features = cache.Read().to(device, disposeAfter: true);
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

    /// <summary>Computes the features, or waits while another process computes the same ones.</summary>
    private static IEnumerable<Progressed> Compute(
        FeaturesPlan features,
        RunContext context,
        FeatureCache cache,
        CancellationToken cancellation
    )
    {
        string path = context.Home.LockOf(features.Key);
        FileLock? alone;
        while ((alone = FileLock.TryTake(path)) is null)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new Progressed(StageNames.Bottleneck, StageActivity.Waiting, 0, 0, 1);
            cancellation.WaitHandle.WaitOne(Between);
        }

        using (alone)
        {
            if (!cache.IsComplete)
            {
                cache.DeleteUnfinished();
                foreach (Progressed progress in new FeatureExtraction(features, context, cancellation).Run(cache))
                {
                    yield return progress;
                }
            }
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
