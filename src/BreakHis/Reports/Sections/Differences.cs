using BreakHis.Plans.Checks;
using BreakHis.Provenance;
using BreakHis.Reports.Charts;
using BreakHis.Reports.Templates;

namespace BreakHis.Reports.Sections;

/// <summary>What the other runs share with the baseline, and every setting and origin that differs.</summary>
internal static class Differences
{
    private const string Absent = "(not set)";

    public static TemplateModel Of(IReadOnlyList<RunResult> runs) =>
        new()
        {
            ["baseline"] = runs[0].Letter,
            ["runs"] = runs.Select(run => new TemplateModel
                {
                    ["letter"] = run.Letter,
                    ["colour"] = SeriesStyle.Colour(run.Index),
                })
                .ToList(),
            ["same"] = BaselineComparison.Of(runs),
            ["settings"] = Differing(runs, run => SpecDocument.OfSpec(run.Run).ValuesByPath()),
            ["origins"] = Differing(runs, Origins),
        };

    /// <summary>Returns provenance and leak checks; long texts are represented by their length.</summary>
    private static SortedDictionary<string, string> Origins(RunResult run)
    {
        var origins = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (ProvenanceEntry entry in run.Run.Provenance)
        {
            origins[entry.Name] = ProvenanceSection.IsText(entry) ? $"{Patch.Length(entry.Value)}, below" : entry.Value;
        }

        foreach (LeakCheck check in run.Run.SplitChecks)
        {
            origins[ProvenanceGroups.Split + check.Name] = check.Line();
        }

        return origins;
    }

    /// <summary>Returns the paths at which some run differs from the baseline.</summary>
    private static List<TemplateModel> Differing(
        IReadOnlyList<RunResult> runs,
        Func<RunResult, SortedDictionary<string, string>> of
    )
    {
        SortedDictionary<string, string>[] leaves = [.. runs.Select(of)];
        return
        [
            .. leaves
                .SelectMany(all => all.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Where(path => leaves.Any(all => all.GetValueOrDefault(path) != leaves[0].GetValueOrDefault(path)))
                .Select(path => new TemplateModel
                {
                    ["path"] = path,
                    ["cells"] = leaves
                        .Select(all => new TemplateModel
                        {
                            ["value"] = all.GetValueOrDefault(path, Absent),
                            ["differs"] = all.GetValueOrDefault(path) != leaves[0].GetValueOrDefault(path),
                        })
                        .ToList(),
                }),
        ];
    }
}
