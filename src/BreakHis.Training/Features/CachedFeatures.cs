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
            IReadOnlyList<string> recorded = context.RecordedFeatures(plan.Key);
            WereCached = cache.IsComplete && IsRecorded(cache.Sha256);
            if (!WereCached)
            {
                if (cache.IsComplete)
                {
                    context.Warn("the cached features are not those that earlier runs recorded; computing them again");
                }

                cache.DeleteUnfinished();
                foreach (Progressed progress in new FeatureExtraction(plan, context, cancellation).Run(cache))
                {
                    yield return progress;
                }
            }

            (Sha256, Features) = (cache.Sha256, cache.Read());
            if (!IsRecorded(Sha256))
            {
                context.Warn(
                    "the features are not those that earlier runs computed from the same inputs: parts of them in the cache were edited, or this machine does not repeat its results"
                );
            }

            bool IsRecorded(string sha256) => recorded.Count == 0 || recorded.Contains(sha256, StringComparer.Ordinal);
        }
    }
}
