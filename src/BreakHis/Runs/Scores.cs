using BreakHis.Wording;

namespace BreakHis.Runs;

/// <summary>The scores of a classified set of images.</summary>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="Accuracy">Share of images classified correctly, 0 to 1.</param>
/// <param name="MacroF1">Mean F1 over classes, 0 to 1, ignoring classes that neither occur nor are predicted.</param>
/// <param name="BalancedAccuracy">Mean recall over the classes that occur, 0 to 1.</param>
public sealed record Scores(double Loss, double Accuracy, double MacroF1, double BalancedAccuracy)
{
    /// <summary>Returns all scores as text, with the shortest numbers that round-trip.</summary>
    public string InFull() =>
        $"loss {Digits.InFull(Loss)}, accuracy {Digits.InFull(Accuracy)}, macro-F1 {Digits.InFull(MacroF1)}, "
        + $"balanced accuracy {Digits.InFull(BalancedAccuracy)}";
}

/// <summary>Counts of true classes against predicted classes. Takes memory for the pairs that occur.</summary>
internal sealed class ConfusionMatrix
{
    private readonly Dictionary<(int Truth, int Predicted), int> _counts = [];
    private readonly int[] _truths;
    private readonly int[] _predictions;

    private ConfusionMatrix(int classes) => (_truths, _predictions) = (new int[classes], new int[classes]);

    /// <summary>Counts pairs of true and predicted class.</summary>
    /// <param name="pairs">True and predicted class of each image, each 0 to classes - 1.</param>
    public static ConfusionMatrix Of(int classes, IEnumerable<(int Truth, int Predicted)> pairs)
    {
        var matrix = new ConfusionMatrix(classes);
        foreach ((int truth, int predicted) in pairs)
        {
            matrix._truths[truth]++;
            matrix._predictions[predicted]++;
            matrix._counts[(truth, predicted)] = matrix.Count(truth, predicted) + 1;
        }

        return matrix;
    }

    /// <summary>The number of images.</summary>
    public int Total => _truths.Sum();

    /// <summary>Share of images classified correctly; 0 without images.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, _truths.Length).Sum(c => Count(c, c)), Total);

    /// <summary>Mean recall over the classes that occur; 0 without images.</summary>
    public double BalancedAccuracy => MeanOver(c => Truths(c) > 0, Recall);

    /// <summary>Mean F1 over the classes that occur or are predicted; 0 without images.</summary>
    public double MacroF1 => MeanOver(c => Truths(c) + Predictions(c) > 0, F1);

    /// <summary>Returns the number of images of one class that were predicted as another one, or the same.</summary>
    public int Count(int truth, int predicted) => _counts.GetValueOrDefault((truth, predicted));

    /// <summary>Returns the number of images of this true class.</summary>
    public int Truths(int c) => _truths[c];

    /// <summary>Returns the number of images predicted as this class.</summary>
    public int Predictions(int c) => _predictions[c];

    /// <summary>Returns the share of the class's images that were recognised; 0 if the class does not occur.</summary>
    public double Recall(int c) => Ratio(Count(c, c), Truths(c));

    /// <summary>
    /// Returns the share of the class's predictions that are correct; 0 if the class is not predicted.
    /// </summary>
    public double Precision(int c) => Ratio(Count(c, c), Predictions(c));

    /// <summary>Returns the harmonic mean of precision and recall: 2TP / (2TP + FP + FN).</summary>
    public double F1(int c) => Ratio(2 * Count(c, c), Truths(c) + Predictions(c));

    private double MeanOver(Func<int, bool> counted, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, _truths.Length).Where(counted).Select(value)];
        return values.Length == 0 ? 0 : values.Sum() / values.Length;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
