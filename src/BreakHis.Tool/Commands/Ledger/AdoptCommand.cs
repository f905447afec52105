using System.CommandLine;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger adopt</c>: makes a ledger the account's own.</summary>
internal static class AdoptCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var id = new Argument<string?>("ID")
        {
            Description = "The ledger's ID; omit it to see the ID",
            DefaultValueFactory = _ => null,
        };
        var command = new Command(
            "adopt",
            """
            Make a ledger your own.
            For your own ledger on a new machine or account. Runs of other ledgers do not count as made here: 'run' does not
            accept their results, and 'audit --rerun' does not build their code without --trust-code.

            Examples:
              dotnet breakhis ledger adopt
              dotnet breakhis ledger adopt 0a1b2c3d4e5f60718293a4b5c6d7e8f9
            """
        )
        {
            id,
        };
        command.SetAction(parsed => Adopt(RootOptions.HomeOf(parsed), parsed.GetValue(id)));
        return command;
    }

    private static int Adopt(HomeFolder home, string? given)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        LedgerHead head = ledger.Head();
        string id =
            head.Id
            ?? throw new LedgerException(
                LedgerFault.Missing,
                head.Records == 0
                    ? $"{home.Ledger} has no records to adopt yet"
                    : $"{home.Ledger} has no ID, so it cannot be adopted; import its runs into a ledger of your own"
            );
        if (ledger.IsOwn)
        {
            StandardStreams.Out.WriteLine($"{home.Ledger} is already your own ledger");
            return 0;
        }

        if (given is null)
        {
            StandardStreams.Out.WriteLine(
                $"{home.Ledger}: another account began this ledger, with {Plural.Of(ledger.List(new RunFilter()).Runs.Count, "run")}."
            );
            StandardStreams.Out.WriteLine(
                "If you adopt it, its runs count as made by you: 'run' accepts their results and resumes them, and 'audit --rerun' builds and runs the code that they recorded."
            );
            StandardStreams.Out.WriteLine($"If it is yours: dotnet breakhis ledger adopt {id}");
            return Failure.Found;
        }

        if (given != id)
        {
            throw new InputException($"{home.Ledger} is ledger {id}, not {given}");
        }

        if (OwnLedgers.OfAccount.Add(id) is string fault)
        {
            throw new InputException(ProblemCodes.FileAccess, $"the ledger cannot be adopted: {fault}");
        }

        StandardStreams.Out.WriteLine($"{home.Ledger}: is now your own");
        return 0;
    }
}
