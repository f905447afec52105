using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>The two streams: results on standard output, all else on standard error.</summary>
internal static class StandardStreams
{
    /// <summary>For results.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>For progress, notes and errors.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(writer),
                Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
            }
        );
        if (redirected)
        {
            // Piped text is for programs: no line is broken to fit a screen.
            console.Profile.Width = 10_000;
        }

        return console;
    }
}
