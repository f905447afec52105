using System.CommandLine;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Specs.Problems;
using BreakHis.Wording;

namespace BreakHis.Tool.Terminal;

/// <summary>Reports errors as one line that a person can act on.</summary>
internal static class Failure
{
    /// <summary>The exit code for a failed run, or a check with a finding.</summary>
    public const int Found = 1;

    /// <summary>The exit code for unusable input.</summary>
    public const int NotUsable = 2;

    /// <summary>The exit code after an interruption.</summary>
    public const int Interrupted = 130;

    /// <summary>Reports what is wrong with a command line.</summary>
    public static int OfCommandLine(ParseResult parsed, string[] args)
    {
        Command command = parsed.CommandResult.Command;
        foreach (string message in Misunderstandings(parsed, command, args))
        {
            Say(ProblemCodes.CommandLine, message);
        }

        StandardStreams.Error.WriteLine($"Try '{HelpScreen.CallFor(command)}'.");
        return NotUsable;
    }

    /// <summary>Whether a command line is valid. Help needs no more than the names of existing commands.</summary>
    public static bool IsUnderstood(ParseResult parsed, string[] args) =>
        parsed.Action is HelpScreen
            ? !NamesUnknownCommand(parsed)
            : parsed.Errors.Count == 0
                && UnknownOption(parsed) is null
                && FlagWithValue(parsed, args) is null
                && WithEmptyValue(parsed) is null;

    private static bool NamesUnknownCommand(ParseResult parsed) =>
        parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count > 0;

    private static IEnumerable<string> Misunderstandings(ParseResult parsed, Command command, string[] args)
    {
        if (UnknownOption(parsed) is { } option)
        {
            return
            [
                $"unknown option '{option}'{NearestName.Question(option, HelpScreen.OptionsOf(command).Select(known => known.Name))}",
            ];
        }

        if (FlagWithValue(parsed, args) is { } flag)
        {
            return [$"{flag} takes no value"];
        }

        if (WithEmptyValue(parsed) is { } empty)
        {
            return [$"{empty} is empty; is a variable of the shell not set?"];
        }

        string[] without =
        [
            .. HelpScreen
                .OptionsOf(command)
                .Where(option => parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 })
                .Where(option => option.Arity.MinimumNumberOfValues > 0)
                .Select(option => $"{option.Name} needs {option.HelpName}"),
        ];
        if (without.Length > 0)
        {
            return without;
        }

        if (command.Subcommands.Count > 0)
        {
            string[] names = [.. command.Subcommands.Select(sub => sub.Name)];
            return parsed.UnmatchedTokens is [string unknown, ..]
                ? [$"unknown command '{unknown}'{NearestName.Question(unknown, names)}"]
                : [$"'{command.Name}' needs a command: {string.Join(", ", names)}"];
        }

        string[] missing =
        [
            .. command
                .Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0)
                .Where(argument => parsed.GetResult(argument) is not { Tokens.Count: > 0 })
                .Select(argument => $"'{command.Name}' needs {argument.Name}"),
            .. command
                .Options.Where(option => option.Required && parsed.GetResult(option) is null or { Implicit: true })
                .Select(option => $"'{command.Name}' needs {option.Name} {option.HelpName}"),
        ];
        string[] excess =
        [
            .. parsed.UnmatchedTokens.Select(token => $"unexpected argument '{token}'"),
            .. command
                .Options.Where(option => parsed.GetResult(option)?.Tokens.Count > option.Arity.MaximumNumberOfValues)
                .Select(option => $"{option.Name} takes only one {option.HelpName}"),
        ];
        return excess.Length > 0 ? excess
            : missing.Length > 0 ? missing
            : parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// The library treats an unknown option as an argument. A file with such a name can be passed as ./--name.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed) =>
        parsed
            .CommandResult.Command.Arguments.SelectMany(argument => parsed.GetResult(argument)?.Tokens ?? [])
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal));

    /// <summary>No option or argument can be empty. Scripts that forget to set a variable pass such values.</summary>
    private static string? WithEmptyValue(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        return HelpScreen
            .OptionsOf(command)
            .Select(option => (option.Name, parsed.GetResult(option)?.Tokens))
            .Concat(command.Arguments.Select(argument => (argument.Name, parsed.GetResult(argument)?.Tokens)))
            .Where(given => given.Tokens?.Any(token => token.Value.Length == 0) == true)
            .Select(given => given.Name)
            .FirstOrDefault();
    }

    /// <summary>The library treats the value in --flag=value as an argument.</summary>
    private static string? FlagWithValue(ParseResult parsed, string[] args)
    {
        Option[] flags =
        [
            .. HelpScreen.OptionsOf(parsed.CommandResult.Command).Where(option => option.ValueType == typeof(bool)),
        ];
        return args.TakeWhile(arg => arg != "--")
            .Select(arg => arg.Split('=', 2))
            .Where(parts => parts.Length == 2 && !bool.TryParse(parts[1], out _))
            .Select(parts => parts[0])
            .FirstOrDefault(name => Array.Exists(flags, flag => flag.Name == name));
    }

    /// <summary>Reports an exception in one line.</summary>
    /// <returns>The exit code.</returns>
    public static int Of(Exception exception, bool verbose)
    {
        if (verbose)
        {
            StandardStreams.Error.Write($"{exception}\n");
        }

        if (exception is InputException { Problem: Problem problem })
        {
            return Of([problem]);
        }

        (string code, int exitCode) = exception switch
        {
            InputException input => (input.Code, NotUsable),
            DataException => (ProblemCodes.Data, NotUsable),
            LedgerException { Fault: LedgerFault.UnknownRun or LedgerFault.AmbiguousRun } => (
                ProblemCodes.UnknownRun,
                NotUsable
            ),
            LedgerException => (ProblemCodes.Ledger, NotUsable),
            RunStoppedException => (ProblemCodes.Ledger, Found),
            IOException or UnauthorizedAccessException => (ProblemCodes.FileAccess, NotUsable),
            OperationCanceledException => (ProblemCodes.Interrupted, Interrupted),
            _ => (ProblemCodes.Internal, Found),
        };
        string hint =
            code == ProblemCodes.Internal ? $" ({exception.GetType().Name}; --verbose shows the stack trace)" : "";
        Say(code, exception is OperationCanceledException ? "interrupted" : exception.Message + hint);
        return exitCode;
    }

    /// <summary>Reports problems of specs.</summary>
    public static int Of(IEnumerable<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            StandardStreams.Error.WriteLine(problem);
        }

        return NotUsable;
    }

    /// <summary>Reports an error without a position in a file.</summary>
    public static void Say(string code, string message) =>
        StandardStreams.Error.WriteLine($"dotnet-breakhis : error {code}: {OneLine.Of(message)}");
}
