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

/// <summary>Counts of true classes against predicted classes.</summary>
/// <param name="Counts">One row per true class, one column per predicted class.</param>
internal sealed record ConfusionMatrix(int[][] Counts)
{
    /// <summary>Counts pairs of true and predicted class.</summary>
    /// <param name="pairs">True and predicted class of each image, each 0 to classes - 1.</param>
    public static ConfusionMatrix Of(int classes, IEnumerable<(int Truth, int Predicted)> pairs)
    {
        int[][] counts = new int[classes][];
        for (int i = 0; i < classes; i++)
        {
            counts[i] = new int[classes];
        }

        foreach ((int truth, int predicted) in pairs)
        {
            counts[truth][predicted]++;
        }

        return new ConfusionMatrix(counts);
    }

    /// <summary>The number of images.</summary>
    public int Total => Counts.Sum(row => row.Sum());

    /// <summary>Share of images classified correctly; 0 without images.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, Counts.Length).Sum(c => Counts[c][c]), Total);

    /// <summary>Mean recall over the classes that occur; 0 without images.</summary>
    public double BalancedAccuracy => MeanOver(c => Truths(c) > 0, Recall);

    /// <summary>Mean F1 over the classes that occur or are predicted; 0 without images.</summary>
    public double MacroF1 => MeanOver(c => Truths(c) + Predictions(c) > 0, F1);

    /// <summary>Returns the number of images of this true class.</summary>
    public int Truths(int c) => Counts[c].Sum();

    /// <summary>Returns the number of images predicted as this class.</summary>
    public int Predictions(int c) => Counts.Sum(row => row[c]);

    /// <summary>Returns the share of the class's images that were recognised; 0 if the class does not occur.</summary>
    public double Recall(int c) => Ratio(Counts[c][c], Truths(c));

    /// <summary>
    /// Returns the share of the class's predictions that are correct; 0 if the class is not predicted.
    /// </summary>
    public double Precision(int c) => Ratio(Counts[c][c], Predictions(c));

    /// <summary>Returns the harmonic mean of precision and recall: 2TP / (2TP + FP + FN).</summary>
    public double F1(int c) => Ratio(2 * Counts[c][c], Truths(c) + Predictions(c));

    private double MeanOver(Func<int, bool> counted, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, Counts.Length).Where(counted).Select(value)];
        return values.Length == 0 ? 0 : values.Sum() / values.Length;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
