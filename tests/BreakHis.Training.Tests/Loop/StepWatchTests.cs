using BreakHis.Training.Loop;
using Xunit;

namespace BreakHis.Training.Tests.Loop;

public sealed class StepWatchTests
{
    [Theory]
    [InlineData(0.01, "hardly computes")]
    [InlineData(0.5, "gets 0.5 of 2 cores")]
    [InlineData(2, "uses 2.0 cores: its threads may be waiting for each other")]
    public void A_step_of_a_hundred_times_the_usual_time_is_reported_while_it_runs(double cores, string cause)
    {
        using var clock = new Clock();
        List<string> warnings = [];
        using var watch = new StepWatch("fine_tune", 2, warnings.Add, clock, () => clock.Now * cores);
        for (int step = 1; step <= 5; step++)
        {
            Take(watch, clock, step, 1);
        }

        watch.Begin(3, 6);
        clock.Advance(99.9);
        Assert.Empty(warnings);
        clock.Advance(0.2);
        string warning = Assert.Single(warnings);
        Assert.StartsWith(
            "fine_tune, epoch 3, step 6 has been running for 100 s; the steps before took 1 s. ",
            warning,
            StringComparison.Ordinal
        );
        Assert.Contains(cause, warning, StringComparison.Ordinal);
        clock.Advance(1000);
        watch.End();
        Take(watch, clock, 7, 99);
        Assert.Single(warnings);
    }

    [Fact]
    public void Few_or_short_steps_are_not_reported()
    {
        using var clock = new Clock();
        List<string> warnings = [];
        using var watch = new StepWatch("bottleneck", 2, warnings.Add, clock, () => clock.Now);
        for (int step = 1; step <= 4; step++)
        {
            Take(watch, clock, step, 0.001);
        }

        Take(watch, clock, 5, 60);
        Take(watch, clock, 6, 9.9);
        Assert.Empty(warnings);
        Take(watch, clock, 7, 10.1);
        Assert.Single(warnings);
    }

    private static void Take(StepWatch watch, Clock clock, int step, double seconds)
    {
        watch.Begin(1, step);
        clock.Advance(seconds);
        watch.End();
    }

    /// <summary>A clock that tests move, with one timer.</summary>
    private sealed class Clock : TimeProvider, IDisposable
    {
        private OneTimer? _timer;

        public TimeSpan Now { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _timer = new OneTimer(this, callback);

        public void Dispose() => _timer?.Dispose();

        public void Advance(double seconds)
        {
            Now += TimeSpan.FromSeconds(seconds);
            _timer!.Fire();
        }

        private sealed class OneTimer(Clock clock, TimerCallback callback) : ITimer
        {
            private TimeSpan? _due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.Now + dueTime;
                return true;
            }

            public void Fire()
            {
                if (_due <= clock.Now)
                {
                    _due = null;
                    callback(null);
                }
            }

            public void Dispose() => _due = null;

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
