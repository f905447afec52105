using System.Numerics;

namespace BreakHis.Statistics;

/// <summary>
/// The exact permutation test over patients (Fisher 1935, The Design of Experiments, section 21): without a difference,
/// the two configurations could be exchanged for each patient.
/// </summary>
internal static class SignFlip
{
    /// <summary>Returns how many of all sign changes give a sum at least as far from zero as the observed one.</summary>
    /// <param name="differences">One integer per patient.</param>
    /// <returns>The count, of 2 to the number of patients.</returns>
    public static BigInteger Extreme(IReadOnlyList<int> differences)
    {
        int[] moving = [.. differences.Where(difference => difference != 0).Select(Math.Abs)];
        int reach = moving.Sum();
        int observed = Math.Abs(differences.Sum());

        // ways[s]: in how many ways the numbers so far sum to s - reach.
        var ways = new BigInteger[(2 * reach) + 1];
        ways[reach] = 1;
        int from = reach;
        foreach (int number in moving)
        {
            from -= number;
            var next = new BigInteger[ways.Length];
            for (int sum = from; sum <= (2 * reach) - from; sum++)
            {
                next[sum] =
                    (sum >= number ? ways[sum - number] : 0) + (sum + number < ways.Length ? ways[sum + number] : 0);
            }

            ways = next;
        }

        BigInteger extreme = 0;
        for (int sum = 0; sum < ways.Length; sum++)
        {
            extreme += Math.Abs(sum - reach) >= observed ? ways[sum] : 0;
        }

        return extreme << (differences.Count - moving.Length);
    }

    /// <summary>Returns the two-sided p-value.</summary>
    /// <param name="differences">One integer per patient.</param>
    public static double P(IReadOnlyList<int> differences) =>
        Math.Exp(BigInteger.Log(Extreme(differences)) - (differences.Count * Math.Log(2)));

    /// <summary>Returns the smallest p-value that any result of these patients could have.</summary>
    /// <param name="patients">The number of patients whose difference is not zero.</param>
    public static double Smallest(int patients) => Math.Min(1, Math.ScaleB(2, -patients));

    /// <summary>
    /// Returns the confidence interval of the difference per image, by inverting the test: its ends are ratios of
    /// subsets (Hartigan 1969, J. Am. Stat. Assoc. 64:1303-1317).
    /// </summary>
    /// <param name="patients">Per patient the difference and the number of images; at most 20, because all
    /// subsets are listed.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <returns>-1 to 1 if there are too few patients for this confidence.</returns>
    public static Interval Interval(IReadOnlyList<(int Difference, int Images)> patients, double confidence)
    {
        double[] ratios = Ratios(patients);
        Array.Sort(ratios);
        int rejected = (int)Math.Floor((1 - confidence) / 2 * (ratios.Length + 1));
        return rejected == 0 ? new Interval(-1, 1) : new Interval(ratios[rejected - 1], ratios[^rejected]);
    }

    /// <summary>The difference per image of every subset of patients but the empty one.</summary>
    private static double[] Ratios(IReadOnlyList<(int Difference, int Images)> patients)
    {
        int subsets = 1 << patients.Count;
        int[] differences = new int[subsets];
        int[] images = new int[subsets];
        double[] ratios = new double[subsets - 1];
        for (int subset = 1; subset < subsets; subset++)
        {
            int last = BitOperations.TrailingZeroCount(subset);
            int others = subset & (subset - 1);
            differences[subset] = differences[others] + patients[last].Difference;
            images[subset] = images[others] + patients[last].Images;
            ratios[subset - 1] = (double)differences[subset] / images[subset];
        }

        return ratios;
    }
}
