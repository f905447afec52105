using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Inputs;
using BreakHis.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Features;

/// <summary>Runs the backbone in inference mode over every image and keeps the pooled features.</summary>
internal sealed class FeatureExtraction(FeaturesPlan plan, RunContext context, CancellationToken cancellation)
{
    /// <summary>Images per batch. A constant, because a different number could give different bits.</summary>
    private const int BatchSize = 16;

    /// <summary>Images per part, and so the most that a killed process loses.</summary>
    private const int PartSize = 16 * BatchSize;

    /// <summary>Fills the cache.</summary>
    public IEnumerable<Progressed> Run(FeatureCache cache)
    {
        using var loaded = LoadedBackbone.Load(plan.Backbone, plan.Weights, plan.Seed, plan.Device);
        loaded.Backbone.eval();
        var images = new ImageTensors(
            plan.Images,
            context.Pictures,
            loaded.Preprocessing,
            plan.InputSize,
            plan.Resize,
            plan.Device
        );
        int count = plan.Images.Count;
        using Tensor features = zeros(count, loaded.Backbone.Facts.Features);
        int others = plan.FirstTest ?? count;
        IEnumerable<int[]> parts = Enumerable.Range(0, others).Chunk(PartSize);
        IEnumerable<int[]> testParts = Enumerable.Range(others, count - others).Chunk(PartSize);
        foreach ((int number, int[] part) in parts.Concat(testParts).Index())
        {
            using Tensor rows = features.narrow(0, part[0], part.Length);
            if (cache.TryReadPart(number, rows))
            {
                yield return Progress(part, count);
                continue;
            }

            foreach (int[] batch in part.Chunk(BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                Extract(loaded.Backbone, images, batch, features);
                yield return Progress(batch, count);
            }

            cache.WritePart(number, rows);
        }

        cache.Write(features);
    }

    private static Progressed Progress(int[] images, int count) =>
        new(StageNames.Bottleneck, StageActivity.Features, 0, images[^1] + 1, count);

    private static void Extract(Backbone backbone, ImageTensors images, int[] batch, Tensor features)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor pooled = Pooling.GlobalAverage(backbone.forward(images.Read(batch)));
        features.narrow(0, batch[0], batch.Length).copy_(pooled);
    }
}
