using System.CommandLine;
using BreakHis.Tool.Commands;
using BreakHis.Tool.Commands.Audit;
using BreakHis.Tool.Commands.Data;
using BreakHis.Tool.Commands.Ledger;
using BreakHis.Tool.Commands.Run;
using BreakHis.Tool.Commands.Weights;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool;

/// <summary>The tool: <c>dotnet breakhis</c>.</summary>
internal static class Program
{
    /// <summary>Runs a command.</summary>
    /// <returns>0 done; 1 ran and failed or found something; 2 not usable; 130 interrupted.</returns>
    public static async Task<int> Main(string[] args)
    {
        RootCommand root = RootOptions.CreateRoot();
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ListCommand.Create());
        root.Subcommands.Add(ShowCommand.Create());
        root.Subcommands.Add(ReportCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(LedgerCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        root.Subcommands.Add(ValidateCommand.Create());
        root.Subcommands.Add(SchemaCommand.Create());
        root.Subcommands.Add(DataCommand.Create());
        root.Subcommands.Add(WeightsCommand.Create());
        root.Subcommands.Add(CacheCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());

        // @1 is the last run, not a response file.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return Failure.OfCommandLine(parsed);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (Exception e)
        {
            return Failure.Of(e, parsed.GetValue(RootOptions.Verbose));
        }
    }
}
