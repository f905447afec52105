using BreakHis.Plans;
using BreakHis.Reports.Templates;

namespace BreakHis.Reports.Sections;

/// <summary>The specs of the runs, and the plans they resolved to.</summary>
internal static class Specification
{
    public static TemplateModel Of(IReadOnlyList<RunResult> runs)
    {
        SortedDictionary<string, string> baseline = SpecDocument.OfSpec(runs[0].Run).ValuesByPath();
        return new()
        {
            ["several"] = runs.Count > 1,
            ["runs"] = runs.Select(run => new TemplateModel
                {
                    ["letter"] = run.Letter,
                    ["name"] = run.Label,
                    ["file"] = run.Run.SpecFile,
                    ["hash"] = run.Run.SpecHash,
                    ["is_first"] = run.Index == 0,
                    ["spec"] = Lines(SpecDocument.OfSpec(run.Run), baseline),
                    ["plan"] = Lines(new SpecDocument(PlanJson.Complete(run.Run.Plan)), null),
                })
                .ToList(),
        };
    }

    private static List<TemplateModel> Lines(SpecDocument document, SortedDictionary<string, string>? baseline) =>
        [
            .. document
                .Lines()
                .Select(line => new TemplateModel
                {
                    ["indent"] = line.Indent,
                    ["key"] = line.Key,
                    ["value"] = line.Value,
                    ["changed"] =
                        baseline is not null && line.Path != "" && baseline.GetValueOrDefault(line.Path) != line.Value,
                }),
        ];
}
