using System.CommandLine;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary>
/// <c>ledger</c>: publishes and compares the head of the record chain, and rebuilds the ledger from records.
/// </summary>
internal static class LedgerCommand
{
    /// <summary>Creates the command and its subcommands.</summary>
    public static Command Create() =>
        new(
            "ledger",
            """
            Verify and rebuild the ledger, and publish its head.
            Each record is chained to the one before it, so the head, a hash over all
            records so far, depends on the whole ledger.

            Examples:
              dotnet breakhis ledger head
              dotnet breakhis ledger anchor
              dotnet breakhis ledger verify --report reports/quickstart.html
            """
        )
        {
            HeadCommand.Create(),
            AnchorCommand.Create(),
            SignCommand.Create(),
            VerifyCommand.Create(),
            RebuildCommand.Create(),
            AdoptCommand.Create(),
            QuarantineCommand.Create(),
        };
}
