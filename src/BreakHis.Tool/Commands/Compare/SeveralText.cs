using BreakHis.Comparisons;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary>Comparisons of several configurations with the first one as text: a line each.</summary>
internal static class SeveralText
{
    /// <summary>Prints the comparisons.</summary>
    public static void Print(SeveralComparisons several)
    {
        TextWriter text = StandardStreams.Out;
        IReadOnlyList<Comparison> all = several.Comparisons;
        ComparedSide first = all[0].First;
        int width = all.Max(comparison => Name(comparison.Second).Length);
        text.WriteLine($"{Plural.Of(all.Count, "configuration")} compared with {Name(first)}");
        text.WriteLine();
        text.WriteLine(
            $"  {"".PadRight(width)}  {"accuracy", -8}  {"difference", -10}  {"interval", -14}  {"p (Holm)", -8}  {"p (max-T)", -9}  verdict"
        );
        foreach ((int i, Comparison comparison) in all.Index())
        {
            string maxT = several.MaxT is { } ps ? PValue.Of(ps[i]) : "-";
            Decision decision = comparison.Verdict.Decision;
            text.WriteLine(
                $"  {Name(comparison.Second).PadRight(width)}  {Percent.Of(comparison.Second.Mean), -8}  {CompareText.Points(decision.Difference), -10}  {CompareText.Between(decision.Interval), -14}  {PValue.Of(comparison.Verdict.P), -8}  {maxT, -9}  {comparison.Verdict.Word()}"
            );
        }

        text.WriteLine();
        text.WriteLine($"  may be the best: {string.Join(", ", several.Best)}");
        PrintBasis(text, several);
    }

    private static void PrintBasis(TextWriter text, SeveralComparisons several)
    {
        text.WriteLine(
            $"  the verdicts count together: p-values by Holm, {CompareText.Confidence(several.Comparisons[0].Verdict.Decision.Levels)} intervals; 'compare' of two shows metrics and other tests"
        );
        text.WriteLine(
            several.MaxT is null
                ? "  no max-T: the comparisons are not on the same images and seeds"
                : "  max-T: sign flips over patients that count together, with these seeds"
        );
        string[] bases = [.. several.Comparisons.Select(Basis)];
        foreach (
            (Comparison comparison, string basis) in several
                .Comparisons.Zip(bases)
                .DistinctBy(one => one.Second, StringComparer.Ordinal)
        )
        {
            bool isForAll = Array.TrueForAll(bases, other => other == basis);
            text.WriteLine($"  {(isForAll ? "" : $"{Name(comparison.Second)}: ")}{basis}");
        }

        foreach (string warning in Distinct(several, comparison => comparison.Leaks))
        {
            text.WriteLine($"  warning: {warning}");
        }

        foreach (
            string note in Distinct(
                several,
                comparison => [.. comparison.Notes, .. comparison.First.Missing, .. comparison.Second.Missing]
            )
        )
        {
            text.WriteLine($"  note: {note}");
        }
    }

    private static string Basis(Comparison comparison) =>
        CompareText.Basis(comparison) + (comparison.PlannedSeeds is null ? "" : $"; {CompareText.Look(comparison)}");

    private static IEnumerable<string> Distinct(
        SeveralComparisons several,
        Func<Comparison, IReadOnlyList<string>> lines
    ) => several.Comparisons.SelectMany(lines).Distinct(StringComparer.Ordinal);

    private static string Name(ComparedSide side) => $"{side.Label} {side.Stage}";
}
