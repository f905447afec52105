using System.Numerics;
using BreakHis.Numerics;

namespace BreakHis.Statistics;

/// <summary>
/// Sign-flip tests of several differences over the same patients, which count together (Westfall and Young 1993,
/// Resampling-Based Multiple Testing). They know how the differences depend on each other, so they find more than
/// adjustments that do not.
/// </summary>
internal static class MaxT
{
    /// <summary>Up to this number of patients, all sign changes are listed; above it, some are drawn.</summary>
    public const int MostListed = 16;

    private const int Drawn = 99_999;

    /// <summary>Returns the adjusted two-sided p-values, in the order of the differences.</summary>
    /// <param name="differences">For each comparison one integer per patient, of the same patients in the same order.</param>
    /// <param name="random">Draws the sign changes if there are many patients.</param>
    public static IReadOnlyList<double> Adjusted(IReadOnlyList<IReadOnlyList<int>> differences, RandomStream random)
    {
        int patients = differences[0].Count;
        double[] scales = [.. differences.Select(Scale)];
        double[] observed = [.. differences.Select((d, i) => Math.Abs(d.Sum()) * scales[i])];
        int[] reached = new int[observed.Length];
        int flips = 0;
        foreach (bool[] flip in patients <= MostListed ? Listed(patients) : Random(patients, random))
        {
            double largest = 0;
            for (int i = 0; i < observed.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(Sum(differences[i], flip)) * scales[i]);
            }

            for (int i = 0; i < observed.Length; i++)
            {
                reached[i] += largest >= observed[i] ? 1 : 0;
            }

            flips++;
        }

        return [.. reached.Select(count => (double)count / flips)];
    }

    /// <summary>One by the root of the sum of squares, which no sign change changes; 0 without a difference.</summary>
    private static double Scale(IReadOnlyList<int> differences)
    {
        long squares = differences.Sum(d => (long)d * d);
        return squares == 0 ? 0 : 1 / Math.Sqrt(squares);
    }

    private static int Sum(IReadOnlyList<int> differences, bool[] flip)
    {
        int sum = 0;
        for (int patient = 0; patient < flip.Length; patient++)
        {
            sum += flip[patient] ? -differences[patient] : differences[patient];
        }

        return sum;
    }

    private static IEnumerable<bool[]> Listed(int patients)
    {
        bool[] flip = new bool[patients];
        yield return flip;

        // In the order of Gray, each differs from the one before in one sign.
        for (int i = 1; i < 1 << patients; i++)
        {
            flip[BitOperations.TrailingZeroCount(i)] ^= true;
            yield return flip;
        }
    }

    /// <summary>The observed signs count as one of the draws, so that no p-value is zero.</summary>
    private static IEnumerable<bool[]> Random(int patients, RandomStream random)
    {
        bool[] flip = new bool[patients];
        yield return flip;
        for (int i = 0; i < Drawn; i++)
        {
            for (int patient = 0; patient < patients; patient++)
            {
                flip[patient] = random.Below(2) == 1;
            }

            yield return flip;
        }
    }
}
