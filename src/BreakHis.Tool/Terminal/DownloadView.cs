using System.Diagnostics;
using BreakHis.Training.Weights.Known;
using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>Shows how far a download is, on standard error.</summary>
internal static class DownloadView
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>Draws a bar on a terminal, or writes plain lines elsewhere.</summary>
    /// <param name="console">Where to draw.</param>
    /// <param name="file">What is downloaded.</param>
    /// <param name="download">Downloads, calling what it is given after each piece.</param>
    public static async Task<string> Show(
        IAnsiConsole console,
        PublishedFile file,
        Func<Action<DownloadProgress>, Task<string>> download
    )
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await download(Lines(console.Profile.Out.Writer, file));
        }

        return await console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(context =>
            {
                ProgressTask bar = context.AddTask(Markup.Escape(file.Name), maxValue: file.Bytes ?? double.MaxValue);
                return download(progress =>
                {
                    if (progress.Note is not null)
                    {
                        console.MarkupLineInterpolated($"{file.Name}: {progress.Note}");
                    }

                    bar.MaxValue = progress.Total ?? bar.MaxValue;
                    bar.Value = progress.Done;
                });
            });
    }

    private static Action<DownloadProgress> Lines(TextWriter text, PublishedFile file)
    {
        Stopwatch? sinceLine = null;
        return progress =>
        {
            if (sinceLine is null)
            {
                sinceLine = Stopwatch.StartNew();
                text.WriteLine($"downloading {file.Address}");
            }

            if (progress.Note is not null)
            {
                text.WriteLine($"{file.Name}: {progress.Note}");
            }
            else if (sinceLine.Elapsed >= Between)
            {
                string of = progress.Total is long total ? FormattableString.Invariant($" of {total:N0}") : "";
                text.WriteLine(FormattableString.Invariant($"{file.Name}: {progress.Done:N0}{of} bytes"));
                sinceLine.Restart();
            }
        };
    }
}
