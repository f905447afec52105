using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>The levels of the tests that give the verdict.</summary>
/// <param name="Difference">Of the two-sided test of the difference.</param>
/// <param name="Equivalence">Of each of the two one-sided tests of practical equivalence.</param>
/// <param name="Comparisons">How many comparisons share the level of one.</param>
internal sealed record Levels(double Difference, double Equivalence, int Comparisons = 1)
{
    /// <summary>The largest number of seeds that can be planned: with more, the levels of early looks are so low that the
    /// quantiles of Student's t are not found.</summary>
    public const int MostPlanned = 20;

    /// <summary>The levels of a comparison that is made once.</summary>
    public static Levels Once { get; } = new(Verdict.Level, Verdict.Level);

    /// <summary>The level of all comparisons together.</summary>
    public double Total => Difference * Comparisons;

    /// <summary>Returns the levels of one of several comparisons that count together (Bonferroni).</summary>
    public Levels For(int comparisons) => new(Difference / comparisons, Equivalence / comparisons, comparisons);

    /// <summary>
    /// Returns the levels of a look when some of the planned seeds are there, if there is a look after every seed from the
    /// second one on: one seed does not show how seeds vary. Together, all looks have the levels of one comparison.
    /// </summary>
    /// <param name="seeds">How many are there, at least 2.</param>
    /// <param name="planned">How many are planned, at least as many and at most <see cref="MostPlanned"/>.</param>
    public static Levels After(int seeds, int planned)
    {
        double[] times = [.. Enumerable.Range(2, seeds - 1).Select(seed => (double)seed / planned)];
        return new Levels(
            2 * SequentialPath.Tail(GroupSequential.Bounds(times, Once.Difference / 2, twoSided: true)[^1]),
            SequentialPath.Tail(GroupSequential.Bounds(times, Once.Equivalence, twoSided: false)[^1])
        );
    }
}
