using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>The standard streams: results on standard output, everything else on standard error.</summary>
internal static class StandardStreams
{
    /// <summary>For lines of results.</summary>
    public static TextWriter Out { get; } = Console.Out;

    /// <summary>For lines of progress, notes and errors.</summary>
    public static TextWriter Error { get; } = Console.Error;

    /// <summary>For tables of results.</summary>
    public static IAnsiConsole OutConsole { get; } = Create(Out, Console.IsOutputRedirected);

    /// <summary>For progress bars.</summary>
    public static IAnsiConsole ErrorConsole { get; } = Create(Error, Console.IsErrorRedirected);

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
