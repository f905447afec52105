using System.Diagnostics;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Wording;
using Spectre.Console;
using static System.FormattableString;

namespace BreakHis.Tool.Terminal;

/// <summary>Shows a run's events on standard error as they arrive.</summary>
internal static class ProgressView
{
    /// <summary>Passes events on, and draws bars on a terminal or plain lines elsewhere.</summary>
    /// <param name="drive">Consumes the events, and calls its argument for each.</param>
    public static async Task Show(Plan plan, Func<Action<RunEvent>, Task> drive)
    {
        IAnsiConsole console = StandardStreams.ErrorConsole;
        if (!console.Profile.Capabilities.Interactive)
        {
            await drive(new PlainLines(plan).Show);
            return;
        }

        await console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(SpeedColumn.Row())
            .StartAsync(context => drive(new Bars(console, context, plan).Show));
    }

    /// <summary>An epoch as one line of text.</summary>
    public static string Line(EpochEnded e, Plan plan)
    {
        int epochs = EpochsOf(e.Stage, plan);
        string train = e.Train is null
            ? "before training"
            : Invariant($"train loss {e.Train.Loss:F4}, accuracy {Percent.Of(e.Train.Accuracy)}");
        string speed = e.ImagesPerSecond < 0.5 ? "" : Invariant($"  {e.ImagesPerSecond:F0} img/s");
        return Invariant(
            $"{e.Stage, -10} epoch {e.Epoch, 3}/{epochs}  {train, -33}  validation loss {e.Validation.Loss:F4}, accuracy {Percent.Of(e.Validation.Accuracy)}, macro-F1 {e.Validation.MacroF1:F3}{speed}{(e.IsBest ? "  best" : "")}"
        );
    }

    /// <summary>A line for other events, or null if they need none.</summary>
    public static string? Line(RunEvent e) =>
        e switch
        {
            FeaturesReady { FromCache: true } ready =>
                $"{ready.Stage, -10} features loaded from the cache ({ShortHash.Of(ready.Key)})",
            StageEnded end => Invariant(
                $"{end.Stage, -10} kept epoch {end.KeptEpoch}{(end.StoppedEarly ? ", stopped early" : "")}: accuracy {Percent.Of(end.Kept.Accuracy)}, balanced {Percent.Of(end.Kept.BalancedAccuracy)}, macro-F1 {end.Kept.MacroF1:F3}{TestText(end.Test)}"
            ),
            _ => null,
        };

    private static string TestText(Scores? test) =>
        test is null
            ? ""
            : Invariant(
                $"; on test images: accuracy {Percent.Of(test.Accuracy)}, balanced {Percent.Of(test.BalancedAccuracy)}, macro-F1 {test.MacroF1:F3}"
            );

    private static string InWords(Progressed progress, Plan plan) =>
        progress.Activity switch
        {
            StageActivity.Waiting => "waiting for another process to compute the features",
            StageActivity.Features => "features",
            StageActivity.Training => Invariant($"epoch {progress.Epoch}/{EpochsOf(progress.Stage, plan)}"),
            StageActivity.Validation => "validation",
            StageActivity.Test => "test",
            _ => throw new UnreachableException($"unknown: {progress.Activity}"),
        };

    private static int EpochsOf(string stage, Plan plan) =>
        plan.Stages.First(planned => planned.Name == stage).Loop.Epochs;

    private sealed class Bars(IAnsiConsole console, ProgressContext context, Plan plan)
    {
        private ProgressTask? _task;
        private (string Stage, StageActivity Activity) _shown;

        public void Show(RunEvent e)
        {
            if (e is Progressed progress)
            {
                Advance(progress);
                return;
            }

            string? line = e is EpochEnded epoch ? Line(epoch, plan) : Line(e);
            if (line is not null)
            {
                console.MarkupLine(Cell.Of(line));
            }
        }

        /// <summary>
        /// One bar for the features and one for all epochs of a stage, so that the remaining time is the stage's.
        /// </summary>
        private void Advance(Progressed progress)
        {
            if (progress.Activity is StageActivity.Validation or StageActivity.Test && _task is not null)
            {
                _task.Description = Cell.Of(
                    $"{progress.Stage} {InWords(progress, plan)} {progress.Done}/{progress.Total}"
                );
                return;
            }

            string description = Cell.Of($"{progress.Stage} {InWords(progress, plan)}");
            if (_task is null || (progress.Stage, progress.Activity) != _shown)
            {
                Complete();
                _shown = (progress.Stage, progress.Activity);
                _task = context.AddTask(description, maxValue: progress.Total);
            }

            _task.Description = description;
            _task.Value = progress.Done;
        }

        private void Complete()
        {
            if (_task is not null)
            {
                _task.Value = _task.MaxValue;
                _task.StopTask();
            }
        }
    }

    private sealed class PlainLines(Plan plan)
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
        private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
        private string _activity = "";
        private long _doneAtStart;

        public void Show(RunEvent e)
        {
            string? line = e switch
            {
                EpochEnded epoch => Line(epoch, plan),
                Progressed progress => Progress(progress),
                _ => Line(e),
            };
            if (line is not null)
            {
                StandardStreams.Error.WriteLine(line);
                _sinceLine.Restart();
            }
        }

        private string? Progress(Progressed progress)
        {
            string activity = $"{progress.Stage, -10} {InWords(progress, plan)}";
            if (activity != _activity)
            {
                _activity = activity;
                _doneAtStart = progress.Done;
                _sinceStart.Restart();
                _sinceLine.Restart();
            }

            if (_sinceLine.Elapsed < Between || progress.Done == _doneAtStart)
            {
                return null;
            }

            double speed = (progress.Done - _doneAtStart) / _sinceStart.Elapsed.TotalSeconds;
            var left = TimeSpan.FromSeconds((progress.Total - progress.Done) / speed);
            return Invariant(
                $"{activity}  {progress.Done}/{progress.Total} images  {speed:F0} img/s  {left:hh\\:mm\\:ss} left"
            );
        }
    }
}
