using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>The standard streams: results on standard output, everything else on standard error.</summary>
internal static class StandardStreams
{
    /// <summary>For lines of results.</summary>
    public static TextWriter Out { get; } = new VisibleWriter(Console.Out);

    /// <summary>For lines of progress, notes and errors.</summary>
    public static TextWriter Error { get; } = new VisibleWriter(Console.Error);

    /// <summary>For tables of results; their text is from <see cref="Cell"/>.</summary>
    public static IAnsiConsole OutConsole { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>For progress bars; their text is from <see cref="Cell"/>.</summary>
    public static IAnsiConsole ErrorConsole { get; } = Create(Console.Error, Console.IsErrorRedirected);

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
            // Piped text is for programs, so lines must not be wrapped.
            console.Profile.Width = 10_000;
        }

        return console;
    }
}
