using BreakHis.Runs;

namespace BreakHis.Audit.Differences;

/// <summary>
/// Compares the training steps of one epoch in two runs, module by module, starting from the same state.
/// </summary>
internal static class StepFlow
{
    /// <summary>Returns the flow of the steps that both runs have.</summary>
    public static Flow Of(IReadOnlyList<TracedStep> first, IReadOnlyList<TracedStep> second)
    {
        var flow = new Flow();
        IReadOnlyList<FlowStep> state = [];
        foreach ((TracedStep one, TracedStep other) in first.Zip(second))
        {
            state = Add(flow, $"step {one.Step}", one, other, state);
        }

        return flow;
    }

    private static IReadOnlyList<FlowStep> Add(
        Flow flow,
        string at,
        TracedStep one,
        TracedStep other,
        IReadOnlyList<FlowStep> before
    )
    {
        FlowStep images = flow.Add(
            $"{at}: order of images",
            string.Join('\n', one.Images),
            string.Join('\n', other.Images)
        );
        FlowStep inputs = flow.Add($"{at}: inputs computed from the images", one.Inputs, other.Inputs, images);
        FlowStep seed = flow.Add($"{at}: dropout seed", one.DropoutSeed, other.DropoutSeed);
        FlowStep[] forward = Parts(
            flow,
            $"{at}: output of module",
            one.Modules,
            other.Modules,
            [inputs, seed, .. before]
        );
        FlowStep loss = flow.Add($"{at}: loss", one.Loss, other.Loss, [images, .. forward]);

        // Gradients are computed from the last parameter to the first.
        FlowStep[] gradients = Parts(
            flow,
            $"{at}: gradient of",
            [.. one.Gradients.Reverse()],
            [.. other.Gradients.Reverse()],
            [loss]
        );
        return Parts(flow, $"{at}: update of", one.State, other.State, [.. before, .. gradients, loss]);
    }

    /// <summary>Adds parts, each computed after the previous one.</summary>
    /// <returns>The last part, or the inputs if there are no parts.</returns>
    private static FlowStep[] Parts(
        Flow flow,
        string what,
        IReadOnlyList<TracedPart> one,
        IReadOnlyList<TracedPart> other,
        FlowStep[] inputs
    )
    {
        FlowStep[] parts = inputs;
        foreach ((TracedPart a, TracedPart b) in one.Zip(other))
        {
            parts = [flow.Add($"{what} {a.Name}", $"{a.Name} {a.Sha256}", $"{b.Name} {b.Sha256}", parts)];
        }

        return parts;
    }
}
