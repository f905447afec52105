using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Training.Checkpoints;

namespace BreakHis.Training.Loop;

/// <summary>Which training images each step of a stage sees. They are shuffled in each epoch.</summary>
/// <param name="train">The indices of the training images.</param>
internal sealed class TrainingSteps(Plan plan, LoopPlan loop, string stage, int[] train)
{
    /// <summary>Training images per epoch.</summary>
    public int ImagesPerEpoch => Math.Min(train.Length, loop.BatchSize * loop.StepsPerEpoch);

    /// <summary>Returns the indices of the images of each step of an epoch.</summary>
    public IEnumerable<int[]> Of(int epoch)
    {
        int[] order = RandomStream.From(plan.Seed, $"{stage} order", epoch).Permutation(train.Length);
        return order.Select(i => train[i]).Chunk(loop.BatchSize).Take(loop.StepsPerEpoch);
    }

    /// <summary>Returns the SHA-256 of the images of a step.</summary>
    public string[] Contents(int[] batch) => [.. batch.Select(i => plan.Data.Images[i].Sha256)];

    /// <summary>Returns the hash of the order of images in an epoch.</summary>
    public string OrderHash(int epoch) => StateHash.Of(Of(epoch).SelectMany(Contents));
}
