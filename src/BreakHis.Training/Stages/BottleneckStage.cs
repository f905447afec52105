using BreakHis.Plans;
using BreakHis.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>The first stage: features of the backbone in inference mode, once; then the head trained on them.</summary>
internal static class BottleneckStage
{
    /// <summary>The stage's name in events and files.</summary>
    public const string Name = "bottleneck";

    /// <summary>Runs the stage.</summary>
    public static IEnumerable<RunEvent> Run(Plan plan, RunPlace place, Checkpoint? from, CancellationToken cancellation)
    {
        yield return new StageStarted(Name);
        var files = new StageFiles(place.Run);
        files.SaveClasses(plan.Data.Classes);
        yield return files.Artifact(Name, RunFolder.Classes);
        var cache = new FeatureCache(place.Home.Cached(plan.Bottleneck.FeaturesKey));
        bool cached = cache.IsComplete;
        if (!cached)
        {
            var extraction = new FeatureExtraction(plan, place, cancellation);
            foreach (Progressed progress in extraction.Run(cache))
            {
                yield return progress;
            }
        }

        yield return new FeaturesReady(Name, plan.Bottleneck.FeaturesKey, cached, cache.Sha256);
        var device = new Device(plan.Device);
        using Tensor features = cache.Read().to(device, disposeAfter: true);
        LoopPlan loop = plan.Bottleneck.Loop;
        using var head = new Head((int)features.shape[1], loop.Dense, plan.Data.Classes.Count, loop.Dropout, plan.Seed);
        head.to(device);
        using var training = new TrainingLoop(plan, loop, Trainee(features, head), place, cancellation);
        foreach (RunEvent e in training.Run(fromEpochZero: false, from))
        {
            yield return e;
        }
    }

    private static Trainee Trainee(Tensor features, Head head) =>
        new(
            Name,
            head.forward,
            (images, _) => features.index_select(0, tensor([.. images.Select(i => (long)i)], device: features.device)),
            () => head.train(),
            () => head.eval(),
            head.Trained,
            head.State
        );
}
