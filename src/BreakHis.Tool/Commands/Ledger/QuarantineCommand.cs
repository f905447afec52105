using System.CommandLine;
using BreakHis.Ledger;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger quarantine</c>: takes a run out of all lists.</summary>
internal static class QuarantineCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var run = new Argument<string>("RUN")
        {
            Description = "A run id, a unique prefix, @1 for the last run, or a spec name (its last run)",
        };
        var undo = new Option<bool>("--undo") { Description = "Put the run back" };
        var command = new Command(
            "quarantine",
            """
            Hide a run from list, show, compare, report and run.
            For runs whose record is malformed or wrong. The run stays in the ledger, and its chain does not change. 'list'
            and 'ledger verify' name the runs in quarantine, and audits check them like others.

            Examples:
              dotnet breakhis ledger quarantine 3f2a90c1d7
              dotnet breakhis ledger quarantine 3f2a90c1d7 --undo
            """
        )
        {
            run,
            undo,
        };
        command.SetAction(parsed => Move(RootOptions.HomeOf(parsed), parsed.GetValue(run)!, parsed.GetValue(undo)));
        return command;
    }

    private static void Move(HomeFolder home, string reference, bool back)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        var quarantine = new Quarantine(home.Quarantine);
        if (back)
        {
            string id = Single(reference, quarantine.Ids());
            quarantine.Remove(id);
            StandardStreams.Out.WriteLine($"run {id} is back in all lists");
            return;
        }

        string hidden = ledger.ResolveRun(reference);
        quarantine.Add(hidden);
        StandardStreams.Out.WriteLine(Quarantine.Says(hidden));
    }

    private static string Single(string reference, IReadOnlyList<string> ids) =>
        ids.Where(id => reference.Length > 0 && id.StartsWith(reference, StringComparison.Ordinal)).ToArray() switch
        {
            [string id] => id,
            [] => throw new LedgerException(LedgerFault.UnknownRun, $"no run {reference} is in quarantine"),
            _ => throw new LedgerException(
                LedgerFault.AmbiguousRun,
                $"'{reference}' is ambiguous; type more of the id"
            ),
        };
}
