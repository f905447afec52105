using System.Diagnostics;
using Spectre.Console;
using static System.FormattableString;

namespace BreakHis.Tool.Terminal;

/// <summary>
/// Progress of countable work: a bar with speed and remaining time on a terminal, plain lines elsewhere.
/// </summary>
internal static class ProgressCounter
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    /// <summary>Runs work and shows its progress.</summary>
    /// <param name="what">A short name of the work.</param>
    /// <param name="quiet">Whether to show nothing.</param>
    /// <param name="work">The work. It calls its argument with the number of items done, from any thread.</param>
    public static Task<T> Show<T>(string what, int total, bool quiet, Func<Action<int>, Task<T>> work) =>
        Show(what, quiet, advance => work(done => advance(done, total)));

    /// <summary>Runs work that determines its total while running.</summary>
    /// <param name="what">A short name of the work.</param>
    /// <param name="quiet">Whether to show nothing.</param>
    /// <param name="work">
    /// The work. It calls its argument with the number of items done and the total, from any thread.
    /// </param>
    public static async Task<T> Show<T>(string what, bool quiet, Func<Action<int, int>, Task<T>> work)
    {
        IAnsiConsole console = StandardStreams.ErrorConsole;
        if (quiet)
        {
            return await work((_, _) => { });
        }

        if (!console.Profile.Capabilities.Interactive)
        {
            return await Lines(what, work);
        }

        return await console
            .Progress()
            .AutoClear(true)
            .Columns(SpeedColumn.Row())
            .StartAsync(context =>
            {
                ProgressTask task = context.AddTask(what);
                return work(
                    (done, total) =>
                    {
                        task.MaxValue = total;
                        task.Increment(done);
                    }
                );
            });
    }

    /// <summary>Writes a line from time to time; none if the work is short.</summary>
    private static async Task<T> Lines<T>(string what, Func<Action<int, int>, Task<T>> work)
    {
        var clock = Stopwatch.StartNew();
        long said = 0;
        int count = 0;
        return await work(
            (done, total) =>
            {
                int now = Interlocked.Add(ref count, done);
                long last = Interlocked.Read(ref said);
                long elapsed = clock.ElapsedMilliseconds;
                if (
                    elapsed - last >= Between.TotalMilliseconds
                    && Interlocked.CompareExchange(ref said, elapsed, last) == last
                )
                {
                    StandardStreams.Error.WriteLine(Invariant($"{what}: {now}/{total}, {1000.0 * now / elapsed:F0}/s"));
                }
            }
        );
    }
}
