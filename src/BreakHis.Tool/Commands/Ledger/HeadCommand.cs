using System.CommandLine;
using BreakHis.Ledger;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger head</c>: prints the head of the record chain.</summary>
internal static class HeadCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "head",
            """
            Print the head.
            Prints the number of records and the head, a hash over all of them, in the form that verify --head expects.

            Example:
              dotnet breakhis ledger head
            """
        );
        command.SetAction(parsed =>
        {
            using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
            LedgerHead head = ledger.Head();
            StandardStreams.Out.WriteLine(Invariant($"{head.Records}:{head.Head}"));
        });
        return command;
    }
}
