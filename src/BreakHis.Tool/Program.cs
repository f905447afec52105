using System.CommandLine;
using BreakHis.Tool.Commands;
using BreakHis.Tool.Commands.Audit;
using BreakHis.Tool.Commands.Compare;
using BreakHis.Tool.Commands.Data;
using BreakHis.Tool.Commands.Ledger;
using BreakHis.Tool.Commands.Run;
using BreakHis.Tool.Commands.Weights;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool;

/// <summary>The entry point of <c>dotnet breakhis</c>.</summary>
internal static class Program
{
    /// <summary>Runs a command.</summary>
    /// <returns>0 for success; 1 for a failed run or a finding; 2 for unusable input; 130 if interrupted.</returns>
    public static async Task<int> Main(string[] args)
    {
        RootCommand root = RootOptions.CreateRoot();
        (string Title, Command[] Commands)[] groups =
        [
            ("Experiments", [RunCommand.Create(), ValidateCommand.Create(), SchemaCommand.Create()]),
            (
                "Results",
                [
                    ListCommand.Create(),
                    ShowCommand.Create(),
                    ReportCommand.Create(),
                    CompareCommand.Create(),
                    CalibrateCommand.Create(),
                    PowerCommand.Create(),
                ]
            ),
            ("Records", [AuditCommand.Create(), LedgerCommand.Create(), ImportCommand.Create()]),
            ("Inputs", [DataCommand.Create(), WeightsCommand.Create(), CacheCommand.Create()]),
            ("Setup", [DoctorCommand.Create()]),
        ];
        foreach (Command command in groups.SelectMany(group => group.Commands))
        {
            root.Subcommands.Add(command);
        }

        new HelpScreen(groups).AddTo(root);

        try
        {
            // @1 is the last run, not a response file.
            ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (!Failure.IsUnderstood(parsed, args))
            {
                return Failure.OfCommandLine(parsed, args);
            }

            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = StandardStreams.Out,
                    Error = StandardStreams.Error,
                }
            );
        }
        catch (Exception e)
        {
            return Failure.Of(e, args.Contains(RootOptions.Verbose.Name, StringComparer.Ordinal));
        }
    }
}
