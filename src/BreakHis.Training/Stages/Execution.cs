using BreakHis.Plans;
using BreakHis.Runs;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Runs plans in this process, on this machine.</summary>
public static class Execution
{
    /// <summary>An <see cref="Execute"/> that works in a place. All calls to torch are made on the caller's thread.</summary>
    public static Execute In(RunPlace place) =>
        (plan, cancellation) => Run(plan, place, cancellation).ToAsyncEnumerable();

    private static IEnumerable<RunEvent> Run(Plan plan, RunPlace place, CancellationToken cancellation)
    {
        set_num_threads(plan.Threads);
        foreach (RunEvent e in BottleneckStage.Run(plan, place, cancellation))
        {
            yield return e;
        }

        if (plan.FineTune is not null)
        {
            foreach (RunEvent e in FineTuneStage.Run(plan, plan.FineTune, place, cancellation))
            {
                yield return e;
            }
        }

        yield return new RunEnded();
    }
}
