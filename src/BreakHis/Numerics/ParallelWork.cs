using System.Runtime.ExceptionServices;

namespace BreakHis.Numerics;

/// <summary>Parallel loops.</summary>
internal static class ParallelWork
{
    /// <summary>
    /// Calls a function for each index on all cores. If several calls fail, throws the error of the lowest index.
    /// </summary>
    /// <exception cref="OperationCanceledException">The loop was cancelled.</exception>
    public static void ForEach(int count, Action<int> work, CancellationToken cancellation)
    {
        var options = new ParallelOptions { CancellationToken = cancellation };
        var wrong = new ExceptionDispatchInfo?[count];
        Parallel.For(
            0,
            count,
            options,
            (i, loop) =>
            {
                try
                {
                    work(i);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    wrong[i] = ExceptionDispatchInfo.Capture(e);
                    loop.Break();
                }
            }
        );
        Array.Find(wrong, e => e is not null)?.Throw();
    }
}
