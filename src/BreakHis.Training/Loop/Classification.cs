using BreakHis.Plans;
using BreakHis.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>Classifies images with the present weights of a stage, and compares the classes with their labels.</summary>
/// <param name="plan">The plan, with the labels of the images.</param>
/// <param name="batchSize">Images per batch.</param>
internal sealed class Classification(Plan plan, StageModel model, int batchSize)
{
    /// <summary>Classifies images and returns their predictions and the progress.</summary>
    /// <param name="images">Indices into the plan's images.</param>
    /// <param name="activity">What is shown as progress.</param>
    /// <param name="accumulator">Receives the scores.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public IEnumerable<RunEvent> Predict(
        int[] images,
        StageActivity activity,
        ScoreAccumulator accumulator,
        CancellationToken cancellation
    )
    {
        int classes = plan.Data.Classes.Count;
        foreach (int[] batch in images.Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            float[] probabilities = Classify(batch, accumulator);
            foreach ((int i, int image) in batch.Index())
            {
                yield return new ImagePredicted(model.Stage, image, probabilities[(i * classes)..((i + 1) * classes)]);
            }

            yield return new Progressed(model.Stage, activity, 0, accumulator.Images, images.Length);
        }
    }

    /// <summary>Classifies a batch in inference mode.</summary>
    /// <param name="batch">Indices into the plan's images.</param>
    /// <param name="accumulator">Receives the scores.</param>
    /// <returns>The probabilities N×K, row by row.</returns>
    public float[] Classify(int[] batch, ScoreAccumulator accumulator)
    {
        model.EnterInference();
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int[] labels = Labels(batch);
        Tensor logits = model.Logits(model.Inputs(batch, 0));
        double loss = Loss(logits, labels).item<float>();
        float[] probabilities = ScoreAccumulator.Probabilities(logits);
        accumulator.Add(probabilities, labels, loss);
        return probabilities;
    }

    /// <summary>Returns the mean cross-entropy, in float32, of logits N×K.</summary>
    /// <param name="labels">The true class of each image.</param>
    public Tensor Loss(Tensor logits, int[] labels) => nn.functional.cross_entropy(logits.to(float32), Targets(labels));

    /// <summary>Returns the true class of each image of a batch.</summary>
    /// <param name="batch">Indices into the plan's images.</param>
    public int[] Labels(int[] batch) => [.. batch.Select(i => plan.Data.Images[i].Class)];

    private Tensor Targets(int[] labels) =>
        tensor([.. labels.Select(label => (long)label)], device: new Device(plan.Device));
}
