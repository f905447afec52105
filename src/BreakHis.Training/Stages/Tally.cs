using BreakHis.Runs;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Adds up batches of logits to scores.</summary>
internal sealed class Tally(int classes)
{
    private readonly List<(int Truth, int Predicted)> _pairs = [];
    private double _loss;

    /// <summary>Number of images so far.</summary>
    public int Images => _pairs.Count;

    /// <summary>Adds a batch.</summary>
    /// <param name="probabilities">Row by row, one a class.</param>
    /// <param name="labels">The true class of each.</param>
    /// <param name="meanLoss">The batch's mean cross-entropy.</param>
    public void Add(ReadOnlySpan<float> probabilities, IReadOnlyList<int> labels, double meanLoss)
    {
        _loss += meanLoss * labels.Count;
        for (int i = 0; i < labels.Count; i++)
        {
            _pairs.Add((labels[i], ConfusionMatrix.Predicted(probabilities.Slice(i * classes, classes))));
        }
    }

    /// <summary>The scores of all images added.</summary>
    public Scores Scores()
    {
        var confusion = ConfusionMatrix.Of(classes, _pairs);
        return new Scores(
            _pairs.Count == 0 ? 0 : _loss / _pairs.Count,
            confusion.Accuracy,
            confusion.MacroF1,
            confusion.BalancedAccuracy
        );
    }

    /// <summary>Softmax over classes of logits N×K, row by row.</summary>
    public static float[] Probabilities(Tensor logits)
    {
        using var scope = NewDisposeScope();
        return [.. logits.detach().to(float32).softmax(1).cpu().data<float>()];
    }
}
