using System.CommandLine;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Specs.Problems;

namespace BreakHis.Tool.Terminal;

/// <summary>Errors as one line that a person can act on.</summary>
internal static class Failure
{
    /// <summary>The exit code of a run that failed, or of a check that found something.</summary>
    public const int Found = 1;

    /// <summary>The exit code where the input cannot be used.</summary>
    public const int NotUsable = 2;

    /// <summary>The exit code after an interruption.</summary>
    public const int Interrupted = 130;

    /// <summary>Says why a command line is not understood.</summary>
    public static int OfCommandLine(ParseResult parsed)
    {
        bool isGroup = parsed.CommandResult.Command.Subcommands.Count > 0;
        string? unknown = isGroup && parsed.UnmatchedTokens is [string first, ..] ? first : null;
        if (unknown is not null)
        {
            IEnumerable<string> names = parsed.CommandResult.Command.Subcommands.Select(command => command.Name);
            Say(ProblemCodes.CommandLine, $"there is no command '{unknown}'{NearestName.Question(unknown, names)}");
        }

        foreach (
            string message in parsed
                .Errors.Select(error => error.Message)
                .TakeWhile(_ => unknown is null)
                .Distinct(StringComparer.Ordinal)
        )
        {
            // The library puts tabs between names.
            Say(ProblemCodes.CommandLine, message.Replace('\t', ' '));
        }

        StandardStreams.Error.WriteLine("Try 'dotnet breakhis --help'.");
        return NotUsable;
    }

    /// <summary>Says an exception in one line.</summary>
    /// <returns>The exit code.</returns>
    public static int Of(Exception exception, bool verbose)
    {
        if (verbose)
        {
            StandardStreams.Error.WriteLine(exception);
        }

        if (exception is InputException { Problem: Problem problem })
        {
            return Of([problem]);
        }

        (string code, int exitCode) = exception switch
        {
            InputException input => (input.Code, NotUsable),
            DataException => (ProblemCodes.Data, NotUsable),
            LedgerException => (ProblemCodes.Ledger, NotUsable),
            RunStoppedException => (ProblemCodes.Ledger, Found),
            IOException or UnauthorizedAccessException => (ProblemCodes.FileAccess, NotUsable),
            OperationCanceledException => (ProblemCodes.Interrupted, Interrupted),
            _ => (ProblemCodes.Internal, Found),
        };
        string hint = code == ProblemCodes.Internal ? $" ({exception.GetType().Name}; --verbose tells where)" : "";
        Say(code, exception.Message + hint);
        return exitCode;
    }

    /// <summary>Says problems of specs.</summary>
    public static int Of(IEnumerable<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            StandardStreams.Error.WriteLine(problem);
        }

        return NotUsable;
    }

    /// <summary>Says an error that has no place in a file.</summary>
    public static void Say(string code, string message) =>
        StandardStreams.Error.WriteLine($"dotnet-breakhis : error {code}: {message.ReplaceLineEndings(" ")}");
}
