using MathNet.Numerics.Distributions;

namespace BreakHis.Statistics;

/// <summary>
/// Tests of two classifiers on the same images when images of one patient depend on each other. Each statistic is
/// chi-squared with one degree of freedom if there is no difference. One table per patient.
/// </summary>
internal static class ClusteredPairs
{
    /// <summary>
    /// Obuchowski 1998 (Stat. Med. 17:1495-1507), in the simplified form of Yang, Sun and Hardin 2010.
    /// </summary>
    /// <returns>NaN if no patient distinguishes the classifiers.</returns>
    public static double Obuchowski(IReadOnlyList<PairTable> patients) =>
        (patients.Count - 1.0)
        / patients.Count
        * Square(patients.Sum(patient => patient.Difference))
        / patients.Sum(patient => Square(patient.Difference));

    /// <summary>
    /// Returns the interval of the difference per image that <see cref="Obuchowski"/> does not reject: the differences d for
    /// which the test of (difference of a patient - d times its images) is not significant.
    /// </summary>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <returns>-1 to 1 if the images are in too few patients for this confidence.</returns>
    public static Interval ScoreInterval(IReadOnlyList<PairTable> patients, double confidence)
    {
        double quantile = ChiSquared.InvCDF(1, confidence);
        double factor = (patients.Count - 1.0) / patients.Count;
        double difference = patients.Sum(patient => patient.Difference);
        double images = patients.Sum(patient => patient.Images);

        // The test is quadratic in d.
        double square = (factor * images * images) - (quantile * patients.Sum(patient => Square(patient.Images)));
        double linear =
            (factor * difference * images)
            - (quantile * patients.Sum(patient => (double)patient.Difference * patient.Images));
        double constant =
            (factor * difference * difference) - (quantile * patients.Sum(patient => Square(patient.Difference)));
        double root = Math.Sqrt(Math.Max(0, (linear * linear) - (square * constant)));
        return square <= 0
            ? new Interval(-1, 1)
            : new Interval(Math.Max(-1, (linear - root) / square), Math.Min(1, (linear + root) / square));
    }

    /// <summary>Yang, Sun and Hardin 2010 (Biom. J. 52:638-652), the modified Obuchowski test.</summary>
    public static double Yang(IReadOnlyList<PairTable> patients)
    {
        double sum = patients.Sum(patient => patient.Difference);
        double mean = sum / patients.Sum(patient => patient.Images);
        double spread = patients.Sum(patient =>
            (Square(patient.Difference - (patient.Images * mean)) + Square(patient.Difference)) / 2
        );
        return (patients.Count - 1.0) / patients.Count * sum * sum / spread;
    }

    /// <summary>Durkalski, Palesch, Lipsitz and Rust 2003 (Stat. Med. 22:2417-2428); each patient has equal weight.</summary>
    public static double Durkalski(IReadOnlyList<PairTable> patients)
    {
        double[] rates = [.. patients.Select(patient => (double)patient.Difference / patient.Images)];
        return Square(rates.Sum()) / rates.Sum(Square);
    }

    /// <summary>
    /// Eliasziw and Donner 1991 (Stat. Med. 10:1981-1991): McNemar's statistic, divided by an inflation factor from the
    /// intraclass correlation of the four outcomes.
    /// </summary>
    /// <returns>NaN if no patient, or only one, distinguishes the classifiers.</returns>
    public static double Eliasziw(IReadOnlyList<PairTable> patients)
    {
        PairTable all = patients.Aggregate((a, b) => a + b);
        double discordant = (double)(all.OnlyFirst + all.OnlySecond) / all.Images;
        double correlation = Correlation(patients, all);
        double ofDiscordant = 1 / (1 + (discordant * (1 - correlation) / correlation));
        return McNemar.Statistic(all.OnlyFirst, all.OnlySecond) / (1 + ((DiscordantSize(patients) - 1) * ofDiscordant));
    }

    /// <summary>The intraclass correlation of the four outcomes, by analysis of variance.</summary>
    private static double Correlation(IReadOnlyList<PairTable> patients, PairTable all)
    {
        double count = patients.Count;
        double mean = all.Images / count;
        double size = mean - (patients.Sum(patient => Square(patient.Images - mean)) / (count * (count - 1) * mean));
        double[] shares = [.. Cells(all).Select(cell => (double)cell / all.Images)];
        double between =
            patients.Sum(patient =>
                Cells(patient).Zip(shares, (cell, share) => Square(cell - (patient.Images * share))).Sum()
                / patient.Images
            ) / count;
        double within =
            patients.Sum(patient => Cells(patient).Sum(cell => (double)cell * (patient.Images - cell)) / patient.Images)
            / (count * (mean - 1));
        return (between - within) / (between + ((size - 1) * within));
    }

    /// <summary>How many images per patient, weighted, distinguish the classifiers.</summary>
    private static double DiscordantSize(IReadOnlyList<PairTable> patients)
    {
        int[] sizes = [.. patients.Select(patient => patient.OnlyFirst + patient.OnlySecond)];
        double some = sizes.Count(size => size > 0);
        double mean = sizes.Sum() / some;
        double spread = sizes.Sum(size => Square(size - mean)) - ((sizes.Length - some) * mean * mean);
        double least = mean - (spread / (some * (some - 1) * mean));
        return least + (some * (mean - least));
    }

    private static int[] Cells(PairTable table) => [table.Both, table.OnlyFirst, table.OnlySecond, table.Neither];

    private static double Square(double value) => value * value;
}
