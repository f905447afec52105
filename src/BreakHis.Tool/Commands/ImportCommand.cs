using System.CommandLine;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

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
            from. All runs are imported or none. A file that is already here is replaced only if the record lists its content as
            an earlier version.

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
            string ledger = RootOptions.HomeOf(parsed).Ledger;
            bool onlyCheck = parsed.GetValue(check);
            ImportedRuns imported =
                onlyCheck && !File.Exists(ledger) ? CheckForNew(ledger, from) : Import(ledger, from, onlyCheck);
            Print(imported, onlyCheck, from);
            if (imported.Source is null)
            {
                StandardStreams.Error.WriteLine(
                    "note: part of the runs' original ledger is missing; each run was verified on its own"
                );
            }
        });
        return command;
    }

    private static ImportedRuns Import(string path, string from, bool onlyCheck)
    {
        using var ledger = LedgerDatabase.Open(path);
        return LedgerImport.From(ledger, from, DateTimeOffset.UtcNow, RunRecordChecks.Faults, onlyCheck);
    }

    /// <summary>Checks an import into a ledger that does not exist yet, without beginning it.</summary>
    private static ImportedRuns CheckForNew(string path, string from)
    {
        LostRecords.RequireLedger(path);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("breakhis-import-");
        try
        {
            return Import(Path.Combine(scratch.FullName, "ledger.db"), from, onlyCheck: true);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static void Print(ImportedRuns imported, bool onlyCheck, string from)
    {
        (string Done, IReadOnlyList<string> Runs)[] changes =
        [
            (onlyCheck ? "would be added" : "added", imported.Added),
            (onlyCheck ? "would be extended" : "extended", imported.Extended),
        ];
        foreach ((string done, IReadOnlyList<string> runs) in changes)
        {
            foreach (string run in runs)
            {
                StandardStreams.Out.WriteLine($"{run}  {done}: {What(imported.Records[run])}");
            }
        }

        foreach (string run in imported.Unchanged)
        {
            StandardStreams.Out.WriteLine($"{run}  already here");
        }

        foreach (string run in imported.Extended.Where(run => !imported.Records[run].AreNotes))
        {
            StandardStreams.Error.WriteLine(
                $"note: run {run} has results from {from} {(onlyCheck ? "then" : "now")}, so it counts as imported"
            );
        }
    }

    /// <summary>The number of records, and the kinds of notes: what others noted about a run must not go unnoticed.</summary>
    private static string What(NewRecords records)
    {
        string notes =
            $"{Plural.Of(records.Notes.Count, "note")} ({Listing.Words([.. records.Notes.Distinct(StringComparer.Ordinal)])})";
        return records.AreNotes ? notes
            : records.Notes.Count == 0 ? Plural.Of(records.Count, "record")
            : $"{Plural.Of(records.Count, "record")}, {notes} among them";
    }
}
