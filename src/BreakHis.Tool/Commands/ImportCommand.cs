using System.CommandLine;
using BreakHis.Audit.Record;
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
        var check = new Option<bool>("--check") { Description = "Check everything, and import nothing" };
        var command = new Command(
            "import",
            """
            Import runs from another machine.
            Checks each run's records and numbers, copies the files that they name, and notes in the ledger where they came
            from. Either all runs are imported or none, and no file here is replaced by one that its record does not know.

            Examples:
              dotnet breakhis import /mnt/cluster/.breakhis
              dotnet breakhis import ../other/.breakhis/runs/3f2a90c1d7
            """
        )
        {
            folder,
            check,
        };
        command.SetAction(parsed =>
        {
            string from = parsed.GetValue(folder)!;
            using var ledger = LedgerDatabase.Open(RootOptions.HomeOf(parsed).Ledger);
            ImportedRuns imported = LedgerImport.From(
                ledger,
                from,
                DateTimeOffset.UtcNow,
                RunRecordChecks.Faults,
                parsed.GetValue(check)
            );
            TextWriter text = StandardStreams.Out;
            foreach (
                (string what, IReadOnlyList<string> runs) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)
                    [
                        (parsed.GetValue(check) ? "would be added" : "added", imported.Added),
                        (parsed.GetValue(check) ? "would be extended" : "extended", imported.Extended),
                        ("already here", imported.Unchanged),
                    ]
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
