namespace BreakHis.Statistics;

/// <summary>
/// The interval that must lie within a margin for two configurations to be practically equivalent: two one-sided tests at
/// 5 % need one of 90 %. One-sided tests suffer from skewness: if few patients prefer a configuration strongly, samples that miss
/// them have a small difference and a small variance. So the interval is corrected for skewness (Hall 1992, J. R. Stat. Soc.
/// B 54:221-228), and two imaginary patients are added, one for each configuration (Agresti and Min 2005, Stat. Med.
/// 24:729-740, add such pairs): they prefer it as strongly as any patient does. tests/reference/equivalence.py compares
/// such intervals.
/// </summary>
internal static class Equivalence
{
    private const double LeastPreference = 1.0 / 3;

    /// <summary>Returns the interval if nothing but patients varies.</summary>
    /// <param name="patients">The outcomes of each patient.</param>
    /// <param name="level">Of each of the two one-sided tests.</param>
    public static Interval Of(IReadOnlyList<PairTable> patients, double level)
    {
        double[] influences = Influences(patients);
        double degrees = patients.Count - 1;
        double variance = influences.Sum(x => x * x) * patients.Count / degrees;
        var test = new CochranCox(Difference(patients), Math.Sqrt(variance), [(variance, degrees)]);
        return Of(patients, influences, test, level);
    }

    /// <summary>Returns the interval of a difference that a test has estimated.</summary>
    /// <param name="patients">The outcomes of each patient.</param>
    /// <param name="test">The difference and how it varies, also over seeds.</param>
    /// <param name="level">Of each of the two one-sided tests.</param>
    public static Interval Of(IReadOnlyList<PairTable> patients, CochranCox test, double level) =>
        Of(patients, Influences(patients), test, level);

    private static Interval Of(IReadOnlyList<PairTable> patients, double[] influences, CochranCox test, double level)
    {
        if (patients.Count < 2)
        {
            return new Interval(-1, 1);
        }

        double imaginary = Preference(patients) / patients.Count;
        double added = 2 * imaginary * imaginary;
        CochranCox wider = test.With(added, patients.Count - 1);
        double error = wider.StandardError;
        double overPatients = Math.Sqrt(influences.Sum(x => x * x) + added);
        double skewness = influences.Sum(x => x * x * x) / Math.Pow(Math.Max(error, overPatients), 3);
        double critical = wider.Critical(2 * level);
        return new Interval(
            test.Difference - (error * Uncorrected(critical, skewness)),
            test.Difference - (error * Uncorrected(-critical, skewness))
        ).Within(-1, 1);
    }

    /// <summary>
    /// The share of an imaginary patient's images that only one configuration classifies correctly. If no patient prefers
    /// one, nothing is known about those who would.
    /// </summary>
    private static double Preference(IReadOnlyList<PairTable> patients)
    {
        double most = patients.Max(patient => Math.Abs((double)patient.Difference / patient.Images));
        return most == 0 ? 1 : Math.Max(LeastPreference, most);
    }

    private static double Difference(IReadOnlyList<PairTable> patients) =>
        (double)patients.Sum(patient => patient.Difference) / patients.Sum(patient => patient.Images);

    /// <summary>How far each patient moves the difference.</summary>
    private static double[] Influences(IReadOnlyList<PairTable> patients)
    {
        double difference = Difference(patients);
        int images = patients.Sum(patient => patient.Images);
        return [.. patients.Select(patient => (patient.Difference - (difference * patient.Images)) / images)];
    }

    /// <summary>
    /// The inverse of Hall's transformation t + s t²/3 + s² t³/27 + s/6, which makes a statistic t of skewness s
    /// symmetric.
    /// </summary>
    private static double Uncorrected(double transformed, double skewness) =>
        Math.Abs(skewness) < 1e-9
            ? transformed
            : 3 / skewness * (Math.Cbrt(1 + (skewness * (transformed - (skewness / 6)))) - 1);
}
