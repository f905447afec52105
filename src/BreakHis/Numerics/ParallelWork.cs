using System.Runtime.ExceptionServices;

namespace BreakHis.Numerics;

/// <summary>Work on many pictures at once.</summary>
internal static class ParallelWork
{
    /// <summary>Does something for each index on all cores; of several errors the first index's is thrown.</summary>
    /// <param name="count">The number of indices.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
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
