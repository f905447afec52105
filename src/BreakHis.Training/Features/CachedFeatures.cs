using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using static TorchSharp.torch;

namespace BreakHis.Training.Features;

/// <summary>
/// The features of a plan, read from the cache or computed. The cache entry is locked until they are read, so that no
/// other process computes or deletes them.
/// </summary>
internal sealed class CachedFeatures
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    /// <summary>The features after <see cref="Compute"/>, images × channels, on the CPU; owned by the caller.</summary>
    public Tensor? Features { get; private set; }

    /// <summary>Whether they were in the cache.</summary>
    public bool WereCached { get; private set; }

    /// <summary>SHA-256 of the features file.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>Computes the features if necessary, and reads them. Waits while another process has them.</summary>
    public IEnumerable<Progressed> Compute(FeaturesPlan plan, RunContext context, CancellationToken cancellation)
    {
        string path = context.Home.LockOf(plan.Key);
        FileLock? alone;
        while ((alone = FileLock.TryTake(path)) is null)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new Progressed(StageNames.Bottleneck, StageActivity.Waiting, 0, 0, 1);
            cancellation.WaitHandle.WaitOne(Between);
        }

        using (alone)
        {
            var cache = new FeatureCache(context.Home, plan.Key);
            string? recorded = context.RecordedFeatures(plan.Key);
            bool usable = WereCached = IsUsable();

            // Parts of features may have been edited too, so the second time begins without any.
            for (int time = 0; time < 2 && !usable; time++)
            {
                if (cache.IsComplete)
                {
                    context.Warn(
                        "the cached features are not those that an earlier run recorded, or not those of these images; computing them again"
                    );
                    cache.Discard();
                }

                cache.DeleteUnfinished();
                foreach (Progressed progress in new FeatureExtraction(plan, context, cancellation).Run(cache))
                {
                    yield return progress;
                }

                usable = IsUsable();
            }

            (Sha256, Features) = (cache.Sha256, cache.Read());
            if (!usable)
            {
                context.Warn(
                    "the features are not those that an earlier run computed from the same inputs; this machine does not repeat its results"
                );
            }

            bool IsUsable() =>
                cache.IsComplete
                && (recorded is null || recorded == cache.Sha256)
                && cache.Has(plan.Images.Count, BackboneFacts.Find(plan.Backbone)!.Features);
        }
    }
}
