namespace BreakHis.Runs;

/// <summary>How well a set of images was classified.</summary>
/// <param name="Loss">Mean cross-entropy in nats.</param>
/// <param name="Accuracy">Share classified correctly, 0 to 1.</param>
/// <param name="MacroF1">Mean over classes of F1, 0 to 1; a class that neither occurs nor is predicted is left out.</param>
/// <param name="BalancedAccuracy">Mean over the classes that occur of their recall, 0 to 1.</param>
public sealed record Scores(double Loss, double Accuracy, double MacroF1, double BalancedAccuracy);

/// <summary>Counts of truth against prediction.</summary>
/// <param name="Counts">Row: true class; column: predicted class.</param>
public sealed record ConfusionMatrix(int[][] Counts)
{
    /// <summary>Counts pairs of truth and prediction.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <param name="pairs">Truth and prediction of each image, each 0 to classes - 1.</param>
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

    /// <summary>Number of images.</summary>
    public int Total => Counts.Sum(row => row.Sum());

    /// <summary>Share classified correctly; 0 without images.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, Counts.Length).Sum(c => Counts[c][c]), Total);

    /// <summary>Mean recall of the classes that occur; 0 without images.</summary>
    public double BalancedAccuracy => MeanOver(c => Truths(c) > 0, Recall);

    /// <summary>Mean F1 of the classes that occur or are predicted; 0 without images.</summary>
    public double MacroF1 => MeanOver(c => Truths(c) + Predictions(c) > 0, F1);

    /// <summary>Images whose true class this is.</summary>
    public int Truths(int c) => Counts[c].Sum();

    /// <summary>Images predicted to be of this class.</summary>
    public int Predictions(int c) => Counts.Sum(row => row[c]);

    /// <summary>Share of the class's images that were found; 0 where it does not occur.</summary>
    public double Recall(int c) => Ratio(Counts[c][c], Truths(c));

    /// <summary>Share of the predictions of the class that were right; 0 where it is not predicted.</summary>
    public double Precision(int c) => Ratio(Counts[c][c], Predictions(c));

    /// <summary>Harmonic mean of precision and recall: 2TP / (2TP + FP + FN).</summary>
    public double F1(int c) => Ratio(2 * Counts[c][c], Truths(c) + Predictions(c));

    private double MeanOver(Func<int, bool> counted, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, Counts.Length).Where(counted).Select(value)];
        return values.Length == 0 ? 0 : values.Sum() / values.Length;
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
