using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Statistics;
using BreakHis.Wording;
using MathNet.Numerics.Distributions;

namespace BreakHis.Comparisons;

/// <summary>An estimate with its 95 % interval.</summary>
/// <param name="Interval">Null if there are too few patients for one.</param>
internal sealed record Estimate(double Value, Interval? Interval);

/// <summary>A metric of two configurations.</summary>
/// <param name="Name">What it is, such as macro-F1.</param>
/// <param name="IsShare">Whether it is a share of images, patients or classes, so that readers expect a percentage.</param>
/// <param name="First">Of the first configuration: the mean over seeds.</param>
/// <param name="Second">The same of the second.</param>
/// <param name="Difference">Second minus first.</param>
internal sealed record MetricRow(string Name, bool IsShare, Estimate First, Estimate Second, Estimate Difference);

/// <summary>The metrics of a comparison. Intervals are by the jackknife over patients, so they are about new patients, with
/// these seeds.</summary>
internal static class Metrics
{
    /// <summary>The most units of a jackknife; with more images of unknown patients, units are groups of images.</summary>
    private const int MostUnits = 200;

    private const double Threshold = 0.5;
    private const string Brier = "Brier score";
    private const string PatientRate = "patient rate";

    /// <summary>Returns the metrics of paired readings.</summary>
    /// <param name="classes">The names of the classes; with two, one of them is the positive one.</param>
    public static IReadOnlyList<MetricRow> Of(PairedReadings paired, IReadOnlyList<string> classes) =>
        [
            .. All(classes)
                .Where(metric => paired.ArePatientsKnown || metric.Name != PatientRate)
                .Select(metric => Row(metric.Name, metric.IsShare, metric.Of, paired)),
        ];

    /// <summary>The class that counts as positive: malignant, or else the second one.</summary>
    private static int Positive(IReadOnlyList<string> classes) =>
        classes.Contains(Labelling.Malignant, StringComparer.Ordinal)
            ? classes.ToList().IndexOf(Labelling.Malignant)
            : 1;

    private static IEnumerable<(string Name, bool IsShare, Func<IReadOnlyList<Classification>, double> Of)> All(
        IReadOnlyList<string> classes
    )
    {
        ConfusionMatrix Matrix(IReadOnlyList<Classification> images) =>
            ConfusionMatrix.Of(classes.Count, images.Select(image => (image.Truth, image.Predicted)));
        int positive = Positive(classes);
        IEnumerable<(double, bool)> Scores(IEnumerable<Classification> images) =>
            images.Select(image => (image.Probabilities[positive], image.Truth == positive));
        yield return ("accuracy", true, SeedEstimates.Accuracy);
        yield return ("balanced accuracy", true, images => Matrix(images).BalancedAccuracy);
        yield return ("macro-F1", false, images => Matrix(images).MacroF1);
        yield return (
            PatientRate,
            true,
            images => images.GroupBy(image => image.Patient).Average(patient => SeedEstimates.Accuracy([.. patient]))
        );
        if (classes.Count == 2)
        {
            yield return (
                $"sensitivity ({classes[positive]}, p ≥ {Digits.InFull(Threshold)})",
                true,
                images => Recall(Scores(images), isPositive: true)
            );
            yield return ("specificity", true, images => Recall(Scores(images), isPositive: false));
            yield return ("AUC", false, images => Roc.Area(Scores(images)));
            yield return ("average precision", false, images => Roc.AveragePrecision(Scores(images)));
        }

        yield return ($"calibration error (ECE, {Calibration.Bins} bins)", false, Calibration.ExpectedError);
        yield return (Brier, false, Calibration.Brier);
    }

    private static double Recall(IEnumerable<(double Score, bool IsPositive)> images, bool isPositive)
    {
        (double Score, bool)[] of = [.. images.Where(image => image.IsPositive == isPositive)];
        return (double)of.Count(image => image.Score >= Threshold == isPositive) / of.Length;
    }

    private static MetricRow Row(
        string name,
        bool isShare,
        Func<IReadOnlyList<Classification>, double> metric,
        PairedReadings paired
    )
    {
        // Without the only patient, nothing is left.
        int units = paired.Patients < 2 ? 0 : Math.Min(paired.Patients, MostUnits);
        double[] first = WithoutEach(paired.First, units, metric);
        double[] second = WithoutEach(paired.Second, units, metric);
        double most = name == Brier ? 2 : 1;
        double a = paired.First.Average(metric);
        double b = paired.Second.Average(metric);
        return new MetricRow(
            name,
            isShare,
            Estimated(a, first, 0, most),
            Estimated(b, second, 0, most),
            Estimated(b - a, [.. second.Zip(first, (x, y) => x - y)], -most, most)
        );
    }

    /// <summary>The mean over seeds without each unit in turn.</summary>
    private static double[] WithoutEach(
        IReadOnlyList<IReadOnlyList<Classification>> seeds,
        int units,
        Func<IReadOnlyList<Classification>, double> metric
    )
    {
        double[][] values = [.. seeds.Select(images => Jackknife.WithoutEach(images, units, metric))];
        return [.. Enumerable.Range(0, units).Select(unit => values.Average(seed => seed[unit]))];
    }

    /// <summary>Returns an estimate with its interval, between its least and its largest possible value.</summary>
    private static Estimate Estimated(double value, double[] without, double least, double most)
    {
        if (without.Length < 2 || !double.IsFinite(value) || !Array.TrueForAll(without, double.IsFinite))
        {
            return new Estimate(value, null);
        }

        double half =
            Math.Sqrt(Jackknife.Covariance(without, without)) * StudentT.InvCDF(0, 1, without.Length - 1, 0.975);
        return new Estimate(value, new Interval(value - half, value + half).Within(least, most));
    }
}
