using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Reports;

/// <summary>Names for the runs of a report that distinguish runs of the same spec.</summary>
internal static class RunNames
{
    /// <summary>Returns each run's name, with the values from its matrix and, if seeds differ, its seed.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RecordedRun> runs)
    {
        bool seedsDiffer = runs.Select(run => run.Summary.Seed).Distinct().Count() > 1;
        return
        [
            .. runs.Select(run =>
            {
                IEnumerable<string> choices = run.Summary.Choices.Select(choice =>
                    $"{choice.Key()} {choice.InWords()}"
                );
                string[] seed = seedsDiffer ? [$"seed {Digits.Of(run.Summary.Seed)}"] : [];
                return string.Join(", ", [run.Summary.Name, .. choices, .. seed]);
            }),
        ];
    }
}
