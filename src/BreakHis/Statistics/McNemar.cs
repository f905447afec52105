using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>
/// McNemar's test (Psychometrika 12:153-157, 1947) of two classifiers on the same images. It assumes that images are
/// independent, which several images of one patient are not.
/// </summary>
internal static class McNemar
{
    /// <summary>The statistic without continuity correction, chi-squared with one degree of freedom.</summary>
    /// <returns>NaN if no image distinguishes the classifiers.</returns>
    public static double Statistic(int onlyFirst, int onlySecond) =>
        Math.Pow(onlyFirst - onlySecond, 2) / (onlyFirst + onlySecond);

    /// <summary>
    /// The two-sided mid-p-value (Fagerland, Lydersen, Laake 2013, BMC Med. Res. Methodol. 13:91); 1 if no image
    /// distinguishes the classifiers.
    /// </summary>
    public static double MidP(int onlyFirst, int onlySecond) =>
        onlyFirst + onlySecond == 0 ? 1
        : onlyFirst == onlySecond ? 1 - (Binomial.PMF(0.5, onlyFirst + onlySecond, onlyFirst) / 2)
        : (2 * Tail(onlyFirst, onlySecond))
            - Binomial.PMF(0.5, onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));

    private static double Tail(int onlyFirst, int onlySecond) =>
        Binomial.CDF(0.5, onlyFirst + onlySecond, Math.Min(onlyFirst, onlySecond));
}
