using System.CommandLine;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Specs;
using BreakHis.Tool.Commands;

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
        foreach (string message in parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal))
        {
            Say(ProblemCodes.CommandLine, message);
        }

        Screen.Error.Profile.Out.Writer.WriteLine("Try 'dotnet breakhis --help'.");
        return NotUsable;
    }

    /// <summary>Says an exception that is meant for people; others are not for here.</summary>
    public static bool Says(Exception exception, bool verbose, out int exitCode)
    {
        (string? code, exitCode) = exception switch
        {
            InputException input => (input.Code, NotUsable),
            DataException => (ProblemCodes.Data, NotUsable),
            LedgerException => (ProblemCodes.Ledger, NotUsable),
            OperationCanceledException => (ProblemCodes.Interrupted, Interrupted),
            _ => (null, 0),
        };
        if (verbose)
        {
            Screen.Error.Profile.Out.Writer.WriteLine(exception);
        }

        if (code is null)
        {
            return false;
        }

        Say(code, exception.Message);
        return true;
    }

    /// <summary>Says problems of specs.</summary>
    public static int Of(IEnumerable<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            Screen.Error.Profile.Out.Writer.WriteLine(problem);
        }

        return NotUsable;
    }

    private static void Say(string code, string message) =>
        Screen.Error.Profile.Out.Writer.WriteLine($"dotnet-breakhis : error {code}: {message.ReplaceLineEndings(" ")}");
}
