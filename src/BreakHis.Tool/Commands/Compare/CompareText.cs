using System.Diagnostics;
using System.Globalization;
using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Statistics;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary>A comparison as text: the verdict first, then what it rests on.</summary>
internal static class CompareText
{
    private const string SignedPoints = "+0.0;-0.0;0.0";

    /// <summary>Prints a comparison.</summary>
    public static void Print(Comparison comparison)
    {
        TextWriter text = StandardStreams.Out;
        text.WriteLine(Headline(comparison));
        Decision decision = comparison.Verdict.Decision;
        text.WriteLine(
            $"  accuracy {Points(decision.Difference)} points, {Confidence(decision.Levels)} interval {Between(decision.Interval)}, p = {PValue.Of(decision.P)}"
        );
        text.WriteLine($"  {decision.Name}; applies to {decision.Population}");
        if (comparison.PlannedSeeds is not null)
        {
            text.WriteLine($"  {Look(comparison)}");
        }

        foreach (string leak in comparison.Leaks)
        {
            text.WriteLine($"  warning: {leak}");
        }

        if (comparison.Verdict.Margin is double margin)
        {
            text.WriteLine(
                $"  for practical equivalence, {Between(decision.ForEquivalence)} would have to lie within \u00b1{Share(margin)}"
            );
        }

        if (comparison.Verdict.Needed is string needed)
        {
            text.WriteLine($"  {needed}");
        }

        text.WriteLine();
        text.WriteLine(Basis(comparison));
        PrintSide(text, comparison.First);
        PrintSide(text, comparison.Second);
        foreach (string note in comparison.Notes)
        {
            text.WriteLine($"  note: {note}");
        }

        text.WriteLine();
        PrintMetrics(text, comparison);
        text.WriteLine();
        text.WriteLine("other tests");
        foreach (OtherTest test in comparison.Tests)
        {
            text.WriteLine($"  {test.Name, -37}  p = {PValue.Of(test.P), -7}  {test.Says}");
        }
    }

    /// <summary>Returns the images and seeds that a comparison rests on.</summary>
    public static string Basis(Comparison comparison)
    {
        string units = comparison.ArePatientsKnown ? $" of {Plural.Of(comparison.Patients, "patient")}" : "";
        string folds = comparison.Folds.Count > 1 ? $", {comparison.Folds.Count} folds pooled" : "";
        return $"{Plural.Of(comparison.Images, $"{Sides.Of(comparison.Side)} image")}{units}, {Plural.Word(comparison.Seeds.Count, "seed")} {Listing.Words(comparison.Seeds)}{folds}";
    }

    /// <summary>Returns what a look at some of the planned seeds demands.</summary>
    public static string Look(Comparison comparison) =>
        $"look {comparison.Seeds.Count} of {comparison.PlannedSeeds}: the verdict is better or worse if p is below {Digits.InFull(TwoDigits(comparison.Verdict.Decision.Levels.Total))} (spending function of Lan and DeMets)";

    private static string Headline(Comparison comparison)
    {
        string first = Name(comparison.First, comparison.Second);
        string second = Name(comparison.Second, comparison.First);
        return comparison.Verdict.Kind switch
        {
            VerdictKind.Better => $"{second} is better than {first}",
            VerdictKind.Worse => $"{second} is worse than {first}",
            VerdictKind.Equivalent =>
                $"{second} and {first} are practically equivalent: they differ by less than {Share(comparison.Verdict.Margin!.Value)} points",
            VerdictKind.Inconclusive
                when comparison.Verdict.Decision is { Difference: 0, Interval: { Low: 0, High: 0 } } =>
                $"inconclusive: no {(comparison.ArePatientsKnown ? "patient" : "image")} distinguishes {second} from {first}",
            VerdictKind.Inconclusive => $"inconclusive: {second} may be better or worse than {first}",
            _ => throw new UnreachableException($"unknown: {comparison.Verdict.Kind}"),
        };
    }

    private static string Name(ComparedSide side, ComparedSide other) =>
        side.Label == other.Label ? $"{side.Label} {side.Stage}"
        : side.Stage == other.Stage ? side.Label
        : $"{side.Label} {side.Stage}";

    private static void PrintSide(TextWriter text, ComparedSide side)
    {
        string spread = side.Spread is double of ? $", standard deviation {Share(of)} over seeds" : "";
        text.WriteLine(
            $"  {side.Label} {side.Stage}: accuracy {Percent.Of(side.Mean)}{spread}; {Plural.Word(side.Runs.Count, "run")} {Listing.Words(side.Runs)}"
        );
        foreach (string missing in side.Missing)
        {
            text.WriteLine($"    {missing}");
        }
    }

    private static void PrintMetrics(TextWriter text, Comparison comparison)
    {
        string unit = comparison.ArePatientsKnown ? "patients" : "images";
        text.WriteLine(
            $"metrics, {Plural.Word(comparison.Seeds.Count, $"with 95 % intervals for new {unit}, with this seed", $"mean over seeds, with 95 % intervals for new {unit}, with these seeds")}"
        );
        text.WriteLine(
            $"  {"", -36}  {Name(comparison.First, comparison.Second), -22}  {Name(comparison.Second, comparison.First), -22}  difference"
        );
        foreach (MetricRow row in comparison.Metrics)
        {
            text.WriteLine(
                $"  {row.Name, -36}  {Of(row.First, row.IsShare), -22}  {Of(row.Second, row.IsShare), -22}  {Of(row.Difference, row.IsShare, isDifference: true)}"
            );
        }

        Estimate[] all = [.. comparison.Metrics.SelectMany(row => (Estimate[])[row.First, row.Second, row.Difference])];
        if (Array.Exists(all, estimate => !double.IsFinite(estimate.Value)))
        {
            text.WriteLine("  -: not defined, because one class has no images");
        }

        if (Array.Exists(all, estimate => double.IsFinite(estimate.Value) && estimate.Interval is null))
        {
            text.WriteLine($"  without an interval: not defined without one of the {unit}");
        }
    }

    private static string Of(Estimate estimate, bool isShare, bool isDifference = false)
    {
        string format = (isShare, isDifference) switch
        {
            (true, false) => "0.0",
            (true, true) => SignedPoints,
            (false, false) => "0.000",
            (false, true) => "+0.000;-0.000;0.000",
        };
        string Text(double value) =>
            double.IsFinite(value)
                ? (isShare ? 100 * value : value).ToString(format, CultureInfo.InvariantCulture)
                : "-";
        return estimate.Interval is { } interval
            ? $"{Text(estimate.Value)} [{Text(interval.Low)}, {Text(interval.High)}]"
            : Text(estimate.Value);
    }

    /// <summary>Returns an interval in percentage points.</summary>
    public static string Between(Interval interval) => $"[{Points(interval.Low)}, {Points(interval.High)}]";

    /// <summary>Such as 95 % or, for an early look, 99.992 %.</summary>
    public static string Confidence(Levels levels) =>
        (100 - (100 * (decimal)TwoDigits(levels.Difference))).ToString("0.#########", CultureInfo.InvariantCulture)
        + " %";

    private static double TwoDigits(double level) =>
        double.Parse(level.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Returns a share in percentage points.</summary>
    public static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Returns a difference in percentage points, with its sign.</summary>
    public static string Points(double difference) =>
        (100 * difference).ToString(SignedPoints, CultureInfo.InvariantCulture);
}
