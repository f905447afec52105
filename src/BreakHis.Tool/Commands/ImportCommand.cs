using System.CommandLine;
using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands;

/// <summary><c>import</c>: imports runs from another machine.</summary>
internal static class ImportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("DIR")
        {
            Description = "A home folder (.breakhis), its runs folder, or the folder of one run",
        };
        var command = new Command(
            "import",
            """
            Import runs from another machine.
            Copies records and files, verifies each run's records, and notes in the ledger where they came from. Either all
            runs are imported or none.

            Examples:
              dotnet breakhis import /mnt/cluster/.breakhis
              dotnet breakhis import ../other/.breakhis/runs/3f2a90c1d7
            """
        )
        {
            folder,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(folder)!;
            using var ledger = LedgerDatabase.Open(RootOptions.HomeOf(parsed).Ledger);
            ImportedRuns imported = LedgerImport.From(ledger, from, DateTimeOffset.UtcNow);
            TextWriter text = StandardStreams.Out;
            foreach (
                (string what, IReadOnlyList<string> runs) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)
                    [("added", imported.Added), ("extended", imported.Extended), ("already here", imported.Unchanged)]
            )
            {
                foreach (string run in runs)
                {
                    text.WriteLine($"{run}  {what}");
                }
            }

            if (imported.Source is null)
            {
                StandardStreams.Error.WriteLine(
                    "note: part of the runs' original ledger is missing; each run was verified on its own"
                );
            }
        });
        return command;
    }
}
