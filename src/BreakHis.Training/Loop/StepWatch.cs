using BreakHis.Statistics;
using static System.FormattableString;

namespace BreakHis.Training.Loop;

/// <summary>
/// Reports a training step that takes a hundred times as long as those before it, while it still runs: it may never end,
/// as when OpenMP delivers fewer threads than a library expects.
/// </summary>
internal sealed class StepWatch : IDisposable
{
    private const int Times = 100;
    private const int LeastSteps = 5;
    private const int Remembered = 100;
    private const double Idle = 0.1;
    private const double Busy = 0.75;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);

    private readonly string _stage;
    private readonly int _threads;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;
    private readonly Func<TimeSpan> _processor;
    private readonly ITimer _timer;
    private readonly Queue<double> _seconds = [];
    private (int Epoch, int Step) _place;
    private long _begin;
    private TimeSpan _processorAtBegin;

    /// <param name="threads">The number of threads of the numerical library.</param>
    /// <param name="warn">Called from another thread with a text of one line.</param>
    /// <param name="processor">Returns the processor time that the process has used.</param>
    public StepWatch(string stage, int threads, Action<string> warn, TimeProvider time, Func<TimeSpan> processor)
    {
        (_stage, _threads, _warn, _time, _processor) = (stage, threads, warn, time, processor);
        _timer = time.CreateTimer(_ => Warn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A step begins.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="step">The step of the epoch, from 1.</param>
    public void Begin(int epoch, int step)
    {
        (_place, _begin, _processorAtBegin) = ((epoch, step), _time.GetTimestamp(), _processor());
        if (_seconds.Count >= LeastSteps)
        {
            var due = TimeSpan.FromSeconds(Times * Usual());
            _timer.Change(due > Least ? due : Least, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The step has ended.</summary>
    public void End()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _seconds.Enqueue(_time.GetElapsedTime(_begin).TotalSeconds);
        if (_seconds.Count > Remembered)
        {
            _seconds.Dequeue();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private double Usual() => ShareStatistics.Median(_seconds);

    private void Warn()
    {
        double seconds = _time.GetElapsedTime(_begin).TotalSeconds;
        double cores = (_processor() - _processorAtBegin).TotalSeconds / seconds;
        _warn(
            Invariant(
                $"{_stage}, epoch {_place.Epoch}, step {_place.Step} has been running for {seconds:F0} s; the steps before took {Usual():G2} s. {Cause(cores)}"
            )
        );
    }

    private string Cause(double cores) =>
        cores < Idle ? "The process hardly computes: it waits for the disk, for swapped memory or for another thread"
        : cores < Busy * _threads
            ? Invariant(
                $"The process gets {cores:F1} of {_threads} cores: other programs use them, or a limit applies to it"
            )
        : Invariant(
            $"The process uses {cores:F1} cores: its threads may be waiting for each other, as when fewer cores than threads ({_threads}) are available"
        );
}
