namespace BreakHis.Statistics;

/// <summary>
/// An exact upper confidence bound for a finite population from a random sample without replacement, by inverting the
/// hypergeometric test (Buonaccorsi 1987; Wendell and Schmee 2001). Its coverage is at least the stated confidence for
/// every population.
/// </summary>
internal static class SampleBound
{
    /// <summary>Returns the largest number of defects in the population that is consistent with the sample.</summary>
    /// <param name="population">The number of items of which the sample is a part.</param>
    /// <param name="sample">The number of items examined, at most the population.</param>
    /// <param name="found">The number of defects in the sample.</param>
    /// <param name="confidence">The confidence, above 0 and below 1.</param>
    public static int Upper(int population, int sample, int found, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(found);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(found, sample);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sample, population);
        double[] logFactorial = LogFactorials(population);

        // The more defects there are, the less likely a sample finds this few. Search for the first number that is too
        // unlikely.
        (int low, int high) = (found, population);
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            (low, high) =
                AtMost(found, population, middle, sample, logFactorial) > 1 - confidence
                    ? (middle, high)
                    : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Returns the probability that a sample contains at most this number of defects.</summary>
    internal static double AtMost(int found, int population, int defects, int sample, double[] logFactorial)
    {
        int least = Math.Max(0, sample + defects - population);
        double sum = 0;
        for (int i = least; i <= Math.Min(found, Math.Min(defects, sample)); i++)
        {
            sum += Math.Exp(
                Choose(defects, i, logFactorial)
                    + Choose(population - defects, sample - i, logFactorial)
                    - Choose(population, sample, logFactorial)
            );
        }

        return sum;
    }

    /// <summary>Returns the logarithms of 0! to n!.</summary>
    internal static double[] LogFactorials(int n)
    {
        double[] logs = new double[n + 1];
        for (int i = 1; i <= n; i++)
        {
            logs[i] = logs[i - 1] + Math.Log(i);
        }

        return logs;
    }

    private static double Choose(int n, int k, double[] logFactorial) =>
        logFactorial[n] - logFactorial[k] - logFactorial[n - k];
}
