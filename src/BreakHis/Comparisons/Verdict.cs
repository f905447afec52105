using System.Diagnostics;
using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>What a comparison found.</summary>
internal enum VerdictKind
{
    /// <summary>The second configuration is better.</summary>
    Better,

    /// <summary>The second configuration is worse.</summary>
    Worse,

    /// <summary>The difference is smaller than the margin that was named.</summary>
    Equivalent,

    /// <summary>The data do not decide.</summary>
    Inconclusive,
}

/// <summary>A test of the difference in accuracy, second minus first.</summary>
/// <param name="Name">The name of the test.</param>
/// <param name="Population">What it applies to, such as "new patients and new seeds".</param>
/// <param name="Difference">The difference, -1 to 1.</param>
/// <param name="Interval">The interval of the difference: of 95 % or, for a look before the last one, more.</param>
/// <param name="ForEquivalence">The interval that must lie within the margin of "practically equivalent": of 90 % or, for
/// a look before the last one, more.</param>
/// <param name="P">The two-sided p-value.</param>
/// <param name="Levels">The levels of the tests.</param>
internal sealed record Decision(
    string Name,
    string Population,
    double Difference,
    Interval Interval,
    Interval ForEquivalence,
    double P,
    Levels Levels
);

/// <summary>The verdict of a comparison.</summary>
/// <param name="Margin">The difference that does not matter, or null if none was named.</param>
/// <param name="P">The p-value of the decision or, if several comparisons count together, that of Holm.</param>
/// <param name="Needed">What would decide, if the verdict is inconclusive and that can be said.</param>
internal sealed record Verdict(VerdictKind Kind, Decision Decision, double P, double? Margin, string? Needed)
{
    /// <summary>The level of all tests of a comparison that is made once.</summary>
    public const double Level = 0.05;

    /// <summary>Returns what a test says. A margin decides first: a difference within it does not matter.</summary>
    /// <param name="margin">Above 0, or null.</param>
    /// <param name="needed">Computes what would decide.</param>
    public static Verdict Of(Decision decision, double? margin, Func<string?> needed)
    {
        VerdictKind kind = KindOf(decision, decision.P, margin);
        return new Verdict(kind, decision, decision.P, margin, kind == VerdictKind.Inconclusive ? needed() : null);
    }

    /// <summary>Returns the same verdict for a p-value that counts together with those of other comparisons.</summary>
    public Verdict Adjusted(double p) => this with { P = p, Kind = KindOf(Decision, p, Margin) };

    /// <summary>Returns the verdict in a word or two.</summary>
    public string Word() =>
        Kind switch
        {
            VerdictKind.Better => "better",
            VerdictKind.Worse => "worse",
            VerdictKind.Equivalent => "practically equivalent",
            VerdictKind.Inconclusive => "inconclusive",
            _ => throw new UnreachableException($"unknown: {Kind}"),
        };

    private static VerdictKind KindOf(Decision decision, double p, double? margin) =>
        margin is double m && decision.ForEquivalence.Low > -m && decision.ForEquivalence.High < m
            ? VerdictKind.Equivalent
        : p >= decision.Levels.Total ? VerdictKind.Inconclusive
        : decision.Difference > 0 ? VerdictKind.Better
        : VerdictKind.Worse;
}
