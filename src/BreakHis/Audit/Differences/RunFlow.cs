using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;

namespace BreakHis.Audit.Differences;

/// <summary>Compares two runs along the flow of data: the inputs of each, and the values computed from them.</summary>
internal static class RunFlow
{
    /// <summary>Returns the flow of two runs of one experiment.</summary>
    public static Flow Of(RecordedRun first, RecordedRun second)
    {
        var flow = new Flow();
        FlowStep settings = flow.Add(
            "plan settings",
            RecordedPlan.OrNull(first.Plan)?.Settings,
            RecordedPlan.OrNull(second.Plan)?.Settings
        );
        FlowStep images = flow.Add("images", Images(first), Images(second));
        FlowStep split = flow.Add("split", Split(first), Split(second), images, settings);
        FlowStep weights = flow.Add(
            "weights",
            first.Fact(ProvenanceNames.WeightsSha256),
            second.Fact(ProvenanceNames.WeightsSha256)
        );
        FlowStep[] given = [settings, images, split, weights];
        foreach (RecordedStage stage in first.Stages)
        {
            RecordedStage? again = second.Stages.FirstOrDefault(s => s.Name == stage.Name);
            if (again is null)
            {
                flow.Add(stage.Name, "has begun", "has not begun", given);
                break;
            }

            given =
            [
                .. given,
                new StageFlow(flow, (first, stage), (second, again)).Add(settings, images, split, given),
            ];
        }

        return flow;
    }

    private static string Images(RecordedRun run) =>
        string.Join('\n', run.Images.Select(i => $"{i.Path} with SHA-256 {i.Sha256}, class {run.Classes[i.Class]}"));

    private static string Split(RecordedRun run) =>
        string.Join('\n', run.Images.Select(i => $"{i.Path} in {Sides.Word(i.Side)}"));
}
