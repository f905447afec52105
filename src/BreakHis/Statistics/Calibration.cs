namespace BreakHis.Statistics;

/// <summary>How well probabilities agree with frequencies.</summary>
internal static class Calibration
{
    /// <summary>The number of bins of the expected calibration error, as in Guo et al. 2017.</summary>
    public const int Bins = 15;

    /// <summary>
    /// Returns the expected calibration error (Guo, Pleiss, Sun and Weinberger 2017, On calibration of modern neural
    /// networks): the mean gap between confidence and accuracy over equally wide bins of the largest probability.
    /// </summary>
    public static double ExpectedError(IReadOnlyCollection<Classification> images) =>
        images
            .GroupBy(image => Math.Min(Bins - 1, (int)(image.Probabilities[image.Predicted] * Bins)))
            .Sum(bin => Math.Abs(bin.Sum(image => image.Probabilities[image.Predicted] - (image.IsCorrect ? 1 : 0))))
        / images.Count;

    /// <summary>
    /// Returns Brier's score (Mon. Weather Rev. 78:1-3, 1950): the mean squared distance from the true class, summed
    /// over classes, 0 to 2.
    /// </summary>
    public static double Brier(IReadOnlyCollection<Classification> images) =>
        images.Sum(image =>
            image
                .Probabilities.Select((p, c) => (p - (c == image.Truth ? 1 : 0)) * (p - (c == image.Truth ? 1 : 0)))
                .Sum()
        ) / images.Count;
}
