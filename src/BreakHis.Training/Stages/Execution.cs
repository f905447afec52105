using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Checkpoints;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Runs plans in this process.</summary>
internal static class Execution
{
    /// <summary>An <see cref="Execute"/> for a run's context. It calls torch only on the caller's thread.</summary>
    public static Execute In(RunContext context) =>
        (plan, from, cancellation) => Run(plan, context, from, cancellation).ToAsyncEnumerable();

    private static IEnumerable<RunEvent> Run(
        Plan plan,
        RunContext context,
        ResumePoint? from,
        CancellationToken cancellation
    )
    {
        set_num_threads(plan.Threads);
        AtomicFile.DeleteUnfinished(context.Run.Path);
        from ??= ResumePoint.At(plan.Stages.First().Name);
        if (from.Checkpoint is null)
        {
            new StageFiles(context.Run).DeleteCheckpoints();
        }

        return plan
            .Stages.SkipWhile(stage => stage.Name != from.Stage)
            .SelectMany(stage => Run(plan, stage.Name, context, stage.Name == from.Stage ? from : null, cancellation))
            .Append(new RunEnded());
    }

    private static IEnumerable<RunEvent> Run(
        Plan plan,
        string stage,
        RunContext context,
        ResumePoint? from,
        CancellationToken cancellation
    ) =>
        stage switch
        {
            StageNames.Bottleneck => BottleneckStage.Run(plan, plan.Bottleneck!, context, from, cancellation),
            StageNames.FineTune => FineTuneStage.Run(plan, plan.FineTune!, context, from, cancellation),
            _ => throw new UnreachableException($"unknown: {stage}"),
        };
}
