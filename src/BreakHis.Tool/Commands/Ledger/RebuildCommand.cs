using System.CommandLine;
using BreakHis.Ledger.Import;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Ledger;

/// <summary><c>ledger rebuild</c>: rebuilds the ledger from the records in the run folders.</summary>
internal static class RebuildCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Option<string?> to = new Option<string?>("--to")
        {
            Description = "Write the rebuilt ledger to this new file instead",
            HelpName = "FILE",
        }.WritesFile();
        var command = new Command(
            "rebuild",
            """
            Rebuild the ledger from the run folders.
            Reads the record file of every run. An existing ledger is kept under another name; if it has records that the run
            folders lack, nothing is changed.

            Example:
              dotnet breakhis ledger rebuild
            """
        )
        {
            to,
        };
        command.SetAction(parsed =>
        {
            RebuiltLedger made = LedgerRebuild.Make(
                RootOptions.HomeOf(parsed),
                parsed.GetValue(to),
                DateTimeOffset.UtcNow
            );
            TextWriter notes = StandardStreams.Error;
            foreach (string missing in made.Missing)
            {
                notes.WriteLine($"note: {missing}");
            }

            if (made.Added.Count > 0)
            {
                notes.WriteLine(
                    $"note: the previous ledger did not have {Plural.Word(made.Added.Count, "run", "runs")} {Listing.Words(made.Added)}; what is not yours should be moved out of the runs folder, and imported"
                );
            }

            if (made.KeptAside is not null)
            {
                notes.WriteLine($"the previous ledger is now {made.KeptAside}");
            }

            StandardStreams.Out.WriteLine(made.Path);
            StandardStreams.Out.WriteLine(
                Invariant(
                    $"{Plural.Of(made.Runs, "run")}, {Plural.Of(made.Records, "record")}, head {made.Head.Records}:{made.Head.Head}"
                )
            );
            return made.Missing.Count == 0 ? 0 : Failure.Found;
        });
        return command;
    }
}
