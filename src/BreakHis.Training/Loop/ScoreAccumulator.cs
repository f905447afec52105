using BreakHis.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>Accumulates scores over batches.</summary>
internal sealed class ScoreAccumulator(int classes)
{
    private readonly List<(int Truth, int Predicted)> _pairs = [];

    /// <summary>The sum of the images' cross-entropies.</summary>
    public double Loss { get; private set; }

    /// <summary>Number of images so far.</summary>
    public int Images => _pairs.Count;

    /// <summary>Adds a batch.</summary>
    /// <param name="probabilities">Row by row, one value per class.</param>
    /// <param name="labels">The true class of each image.</param>
    public void Add(ReadOnlySpan<float> probabilities, IReadOnlyList<int> labels, double meanLoss)
    {
        Loss += meanLoss * labels.Count;
        for (int i = 0; i < labels.Count; i++)
        {
            _pairs.Add((labels[i], ImagePredicted.MostProbable(probabilities.Slice(i * classes, classes))));
        }
    }

    /// <summary>The scores of all images added.</summary>
    public Scores Scores()
    {
        var confusion = ConfusionMatrix.Of(classes, _pairs);
        return new Scores(
            _pairs.Count == 0 ? 0 : Loss / _pairs.Count,
            confusion.Accuracy,
            confusion.MacroF1,
            confusion.BalancedAccuracy
        );
    }

    /// <summary>True and predicted class of each image so far: N×2.</summary>
    public Tensor Classified() =>
        tensor([.. _pairs.SelectMany(pair => (int[])[pair.Truth, pair.Predicted])], [_pairs.Count, 2]);

    /// <summary>Restores the values of <see cref="Classified"/> and <see cref="Loss"/>.</summary>
    public void Restore(Tensor classified, double loss)
    {
        _pairs.Clear();
        _pairs.AddRange(classified.data<int>().Chunk(2).Select(pair => (pair[0], pair[1])));
        Loss = loss;
    }

    /// <summary>Softmax over classes of logits N×K, row by row.</summary>
    public static float[] Probabilities(Tensor logits)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. logits.detach().to(float32).softmax(1).cpu().data<float>()];
    }
}
