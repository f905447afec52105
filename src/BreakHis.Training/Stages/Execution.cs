using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Training.Checkpoints;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Runs plans in this process, on this machine.</summary>
public static class Execution
{
    /// <summary>An <see cref="Execute"/> that works in a place. All calls to torch are made on the caller's thread.</summary>
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
        from ??= new ResumePoint(StageNames.Bottleneck, null);
        if (from.Checkpoint is null)
        {
            new StageFiles(context.Run).DeleteCheckpoints();
        }

        IEnumerable<RunEvent> bottleneck =
            from.Stage == StageNames.Bottleneck
                ? BottleneckStage.Run(plan, context, from.Checkpoint, cancellation)
                : [];
        IEnumerable<RunEvent> fineTune =
            plan.FineTune is not null && from.Stage is not null
                ? FineTuneStage.Run(
                    plan,
                    plan.FineTune,
                    context,
                    from.Stage == StageNames.FineTune ? from.Checkpoint : null,
                    cancellation
                )
                : [];
        return bottleneck.Concat(fineTune).Append(new RunEnded());
    }
}
