using System.Diagnostics;
using BreakHis.Training.Weights.Known;
using BreakHis.Wording;
using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>Shows the progress of a download on standard error.</summary>
internal static class DownloadView
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>Draws a bar on a terminal, or writes plain lines elsewhere.</summary>
    /// <param name="download">Downloads, and calls its argument after each chunk.</param>
    public static async Task<string> Show(PublishedFile file, Func<Action<DownloadProgress>, Task<string>> download)
    {
        IAnsiConsole console = StandardStreams.ErrorConsole;
        if (!console.Profile.Capabilities.Interactive)
        {
            return await download(Lines(file));
        }

        return await console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context => download(new Bar(console, context, file.Name).Show));
    }

    private static Action<DownloadProgress> Lines(PublishedFile file)
    {
        Stopwatch? sinceLine = null;
        return progress =>
        {
            if (sinceLine is null)
            {
                sinceLine = Stopwatch.StartNew();
                StandardStreams.Error.WriteLine($"downloading {file.Address}");
            }

            if (progress.Note is not null)
            {
                StandardStreams.Error.WriteLine($"{file.Name}: {progress.Note}");
            }
            else if (sinceLine.Elapsed >= Between)
            {
                string done = progress.Total is long total
                    ? $"{Digits.Grouped(progress.Done)} of {Plural.Bytes(total)}"
                    : Plural.Bytes(progress.Done);
                StandardStreams.Error.WriteLine($"{file.Name}: {done}");
                sinceLine.Restart();
            }
        };
    }

    private sealed class Bar(IAnsiConsole console, ProgressContext context, string name)
    {
        private ProgressTask? _task;

        public void Show(DownloadProgress progress)
        {
            if (progress.Note is not null)
            {
                console.MarkupLine(Cell.Of($"{name}: {progress.Note}"));
            }

            if (_task is null || progress.Done < _task.Value)
            {
                // A restarted download has no speed yet.
                Complete();
                _task = context.AddTask(Cell.Of(name));
            }

            _task.IsIndeterminate = progress.Total is null;
            _task.MaxValue = progress.Total ?? Math.Max(1, progress.Done);
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
}
