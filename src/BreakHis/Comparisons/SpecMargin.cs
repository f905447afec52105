using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Comparisons;

/// <summary>The margin that the specs of compared runs name: the difference in accuracy that does not matter.</summary>
internal static class SpecMargin
{
    private const double Percent = 100;

    /// <summary>Returns the margin, above 0 and below 1; null if no spec names one or if they differ.</summary>
    /// <param name="notes">Receives a line if they differ.</param>
    public static double? Of(Configuration first, Configuration second, List<string> notes)
    {
        double[] named =
        [
            .. first
                .Runs.Concat(second.Runs)
                .Select(run => RecordedSpec.Of(run.Spec).Margin)
                .OfType<double>()
                .Where(margin => margin is > 0 and < Percent)
                .Distinct()
                .Order(),
        ];
        if (named.Length > 1)
        {
            notes.Add(
                $"the specs name different margins ({Listing.Words([.. named.Select(Digits.InFull)])}), so none is used; choose one with --margin"
            );
        }

        return named is [double one] ? one / Percent : null;
    }
}
