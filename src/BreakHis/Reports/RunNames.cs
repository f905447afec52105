using BreakHis.Ledger.Reading;

namespace BreakHis.Reports;

/// <summary>What to call the runs of a report, so that runs of one spec can be told apart.</summary>
internal static class RunNames
{
    /// <summary>Each run's name, with what its matrix chose and, where seeds differ, its seed.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<RecordedRun> runs)
    {
        bool seedsDiffer = runs.Select(run => run.Line.Seed).Distinct().Count() > 1;
        return
        [
            .. runs.Select(run =>
            {
                IEnumerable<string> choices = run.Line.Choices.Select(choice =>
                    $"{LastPart(choice.Path)} {choice.Value}"
                );
                string[] seed = seedsDiffer ? [$"seed {NumberFormat.Plain(run.Line.Seed)}"] : [];
                return string.Join(", ", [run.Line.Name, .. choices, .. seed]);
            }),
        ];
    }

    private static string LastPart(string path) => path[(path.LastIndexOf('.') + 1)..];
}
