using System.Text;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Reports;
using BreakHis.Runs;
using Xunit;

namespace BreakHis.Tests.Ledger.Import;

/// <summary>What an import adds, and whose runs they are.</summary>
public sealed class ImportTests : ImportedHomes
{
    [Fact]
    public void Runs_are_imported_with_their_chain_and_files()
    {
        string run = MachineWithWeights();
        RunChain chain = ChainOf("a", run);
        LedgerHead source;
        using (var there = LedgerDatabase.OpenForReading(Folder["a/ledger.db"]))
        {
            source = there.Head();
        }

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        new ConsistentRun(2).Write(here);
        ImportedRuns imported = LedgerImport.From(here, Folder["a"], SyntheticRun.Start);

        Assert.Equal([run], imported.Added);
        Assert.Equal(source, imported.Source);
        Assert.Equal((chain.Records, chain.Hash), (here.Load(run).Chain!.Records, here.Load(run).Chain!.Hash));
        Assert.Equal("weights", File.ReadAllText(here.Home.Run(run).File("bottleneck/best.safetensors")));
        LedgerNote note = here.Notes(LedgerNote.Ledger)[^1];
        Assert.Equal("imported", note.Kind);
        Assert.Equal($"{run} {chain.Records} {chain.Hash} 0", note.Entries["runs"]);
        Assert.Equal((Folder["a"], "2026-03-01T10:00:00Z"), (note.Entries["source"], note.Entries["at"]));
        Assert.Equal($"{source.Records}", note.Entries["source_records"]);
        Assert.Equal((source.Id, source.Head), (note.Entries["source_id"], note.Entries["source_head"]));
        Assert.Contains("sample_drawn", note.Entries["source_notes"], StringComparison.Ordinal);
        Whole(here);
        Assert.Equal(1, here.Connection.Scalar<long>("SELECT number FROM runs WHERE id <> $1", run));
    }

    [Fact]
    public void Merging_in_any_order_loses_nothing()
    {
        string[] runs = [Machine("a", 1), Machine("b", 2), Machine("c", 3)];
        string[] chains = [ChainOf("a", runs[0]).Hash, ChainOf("b", runs[1]).Hash, ChainOf("c", runs[2]).Hash];
        foreach (string order in (string[])["abc", "cba", "bac"])
        {
            using var ledger = LedgerDatabase.Open(Folder[$"{order}/ledger.db"]);
            foreach (char machine in order)
            {
                LedgerImport.From(ledger, Folder[$"{machine}"], SyntheticRun.Start);
            }

            Assert.Equal(chains, runs.Select(run => ledger.Load(run).Chain!.Hash));
            Assert.Equal(3, ledger.Notes(LedgerNote.Ledger).Count(note => note.Kind == "imported"));
            Whole(ledger);
        }
    }

    [Fact]
    public void A_merged_ledger_is_rebuilt_from_its_run_folders()
    {
        Machine("a", 1);
        Machine("b", 2);
        using (var ledger = LedgerDatabase.Open(Folder["c/ledger.db"]))
        {
            LedgerImport.From(ledger, Folder["b/runs"], SyntheticRun.Start);
            LedgerImport.From(ledger, Folder["a"], SyntheticRun.Start);
        }

        string before = Dump.Of(Folder["c/ledger.db"]);
        LedgerRebuild.Make(new HomeFolder(Folder["c"]), null, SyntheticRun.Start);
        Assert.Equal(before, Dump.Of(Folder["c/ledger.db"]));
    }

    [Fact]
    public void Known_records_are_not_imported_again_and_new_ones_extend_a_run()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
        LedgerHead head = here.Head();

        Assert.Equal([run], LedgerImport.From(here, Folder["a"], SyntheticRun.Start).Unchanged);
        Assert.Equal(head, here.Head());

        using (var there = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"));
        }

        Assert.Equal([run], LedgerImport.From(here, Folder[$"a/runs/{run}"], SyntheticRun.Start).Extended);
        Assert.Equal("reran", Assert.Single(here.Notes(run)).Kind);
        Whole(here);

        // Imports back into the first ledger, which has the run already.
        using var back = LedgerDatabase.Open(Folder["a/ledger.db"]);
        Assert.Equal([run], LedgerImport.From(back, Folder["b"], SyntheticRun.Start).Unchanged);
    }

    /// <summary>A signature of the other ledger, or a report of it, is explained by its records, which are here.</summary>
    [Fact]
    public void Every_head_of_an_imported_ledger_follows_from_its_records()
    {
        List<KnownHead> heads = [];
        using (var there = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            string first = new ConsistentRun(1).Write(there);
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
            new ConsistentRun(2).Write(there);
            there.Note(first, "reran", SyntheticRun.Start, ("outcome", "same"));
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
            there.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", "a"));
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
        }

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        new ConsistentRun(3).Write(here);
        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);

        Assert.All(heads, head => Assert.Equal(AuditOutcome.Pass, Head(head)));
        Assert.Equal(AuditOutcome.Fail, Head(heads[0] with { Hash = heads[1].Hash }));
        Assert.Equal(AuditOutcome.Fail, Head(heads[2] with { Records = heads[2].Records + 1 }));
        Assert.Equal(AuditOutcome.Fail, Head(heads[0] with { Ledger = new string('b', 32) }));

        AuditOutcome Head(KnownHead head) =>
            RecordChecks
                .Of(here, RecordFiles.Of(here.Home), [head], null)
                .Single(check => check.Name == "known heads")
                .Outcome;
    }

    /// <summary>Somebody else's note about a run does not make its result theirs.</summary>
    [Fact]
    public void Imported_notes_do_not_change_whose_run_it_is()
    {
        string run = Machine("a");
        CopyOfRuns("a", "b");
        LedgerRebuild.Make(new HomeFolder(Folder["b"]), null, SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "different"));
        }

        using var here = LedgerDatabase.Open(Folder["a/ledger.db"]);
        string report = Report.Html([here.Load(run)]);
        ImportedRuns imported = LedgerImport.From(here, Folder[$"b/runs/{run}"], SyntheticRun.Start);

        Assert.Equal(["reran"], imported.Records[run].Notes);
        Assert.True(imported.Records[run].AreNotes && here.IsMadeHere(run));
        RunSummary summary = Assert.Single(here.List(new RunFilter()).Runs);
        Assert.True(summary.IsMadeHere && summary.Import is null && summary.NotesImport is not null);
        Assert.True(Assert.Single(here.Notes(run)).IsImported);
        Assert.Equal(report, Report.Html([here.Load(run)]));
        Whole(here);
        here.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"));
        Assert.Equal([true, false], here.Notes(run).Select(note => note.IsImported));
    }

    [Fact]
    public void A_result_from_elsewhere_makes_a_run_that_began_here_imported()
    {
        string run = ContinuedElsewhere(RunProcess.Current with { Id = int.MaxValue });
        using var here = LedgerDatabase.Open(Folder["a/ledger.db"]);
        Assert.True(here.IsMadeHere(run));

        LedgerImport.From(here, Folder[$"b/runs/{run}"], SyntheticRun.Start);

        Assert.False(here.IsMadeHere(run));
    }

    [Fact]
    public void Imported_records_show_where_the_other_ledger_was_at_the_end_of_each_run()
    {
        string[] runs;
        RunChain[] there;
        using (var other = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            runs = [new ConsistentRun(1).Write(other), new ConsistentRun(2).Write(other)];
            other.Note(runs[0], "reran", SyntheticRun.Start, ("outcome", "same"));
            there = [.. runs.Select(run => other.Load(run).Chain!)];
        }

        string own = Machine("b");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);

        string id = there[0].Ledger.Id!;
        Assert.Equal(
            there.Select(chain => chain.Ledger),
            runs.Zip(there, (run, chain) => here.HeadIn(id, run, chain.Records - 1)!)
        );
        Assert.Null(here.HeadIn(id, own, 0));
        Assert.False(here.WasImportedIn(id, runs[0]));

        Machine("c");
        using var further = LedgerDatabase.Open(Folder["c/ledger.db"]);
        LedgerImport.From(further, Folder["b"], SyntheticRun.Start);
        string second = here.Head().Id!;
        Assert.True(further.WasImportedIn(second, runs[0]));
        Assert.False(further.WasImportedIn(second, own));
    }

    /// <summary>Earlier builds wrote the record of an import after those of its runs.</summary>
    [Fact]
    public void A_record_of_an_import_names_no_run_that_came_later()
    {
        Machine("a");
        Machine("b");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        string id = RecordChain.Names(here.Connection).Single(name => name != LedgerNote.Ledger);
        RecordEntry last = RecordChain.Of(here.Connection, id)[^1];
        here.Note(
            LedgerNote.Ledger,
            ImportNote.Kind,
            SyntheticRun.Start,
            (ImportNote.RunLines, new ImportedRun(id, last.Record + 2, last.Hash, last.Record + 1).Line)
        );
        here.Note(id, "reran", SyntheticRun.Start, ("outcome", "same"));
        here.Note(id, "reran", SyntheticRun.Start, ("outcome", "same"));

        Assert.Contains(ImportsCheck.Of(here.Connection), entry => entry.Outcome == AuditOutcome.Fail);
    }

    [Fact]
    public void A_record_file_that_is_being_written_is_not_imported()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        using var file = new FileStream(
            Folder[$"a/runs/{run}/record.jsonl"],
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Denied, e.Fault);
    }

    [Fact]
    public void A_run_folder_copied_by_hand_is_imported_in_its_place()
    {
        string run = Machine("a");
        RunChain chain = ChainOf("a", run);
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        new ConsistentRun(2).Write(here);
        Directory.CreateDirectory(Folder[$"b/runs/{run}"]);
        File.Copy(Folder[$"a/runs/{run}/record.jsonl"], Folder[$"b/runs/{run}/record.jsonl"]);

        Assert.Equal([run], LedgerImport.From(here, Folder[$"b/runs/{run}"], SyntheticRun.Start).Added);
        Assert.Equal((chain.Records, chain.Hash), (here.Load(run).Chain!.Records, here.Load(run).Chain!.Hash));
        Whole(here);
    }

    [Fact]
    public void Only_files_that_the_record_names_are_copied()
    {
        string run = MachineWithWeights();
        File.WriteAllText(Folder[$"a/runs/{run}/other"], "1");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);

        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);

        Assert.Equal(
            ["bottleneck/best.safetensors", "record.jsonl"],
            Directory
                .EnumerateFiles(Folder[$"b/runs/{run}"], "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Folder[$"b/runs/{run}"], file))
                .Order(StringComparer.Ordinal)
        );
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    [Fact]
    public void A_check_changes_nothing()
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);

        ImportedRuns imported = LedgerImport.From(here, Folder["a"], SyntheticRun.Start, onlyCheck: true);

        Assert.Equal([run], imported.Added);
        Assert.Empty(here.List(new RunFilter()).Runs);
        Assert.Equal(["ledger.db"], Directory.GetFileSystemEntries(Folder["b"], "*.db").Select(Path.GetFileName));
        Assert.False(Directory.Exists(here.Home.Runs));
    }

    /// <summary>A tool without the check for lost records gave their numbers to another run.</summary>
    [Fact]
    public void A_run_whose_numbers_another_run_took_is_imported_again()
    {
        Machine("b", 2);
        File.Copy(Folder["b/ledger.db"], Folder["older.db"]);
        string lost;
        using (var ledger = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            lost = new ConsistentRun(3).Write(ledger);
        }

        File.Move(Folder["older.db"], Folder["b/ledger.db"], overwrite: true);
        using (var ledger = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            RunWriter.Begin(ledger.Connection, SyntheticRun.New(), null);
            ledger.CatchUpAll();
        }

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerRebuild.Make(new HomeFolder(Folder["b"]), null, SyntheticRun.Start)
        );
        Assert.Contains("'dotnet breakhis import'", e.Message, StringComparison.Ordinal);
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        Assert.Equal([lost], LedgerImport.From(here, Folder[$"b/runs/{lost}"], SyntheticRun.Start).Added);
        Assert.Equal(3, here.List(new RunFilter()).Runs.Count);
        LedgerRebuild.Make(new HomeFolder(Folder["b"]), Folder["rebuilt.db"], SyntheticRun.Start);
    }

    [Fact]
    public void Any_text_is_imported_unchanged()
    {
        string odd = "a\0b\u0001\u2028\ud83e\uddec\"\\\n\u007f\ufffd";
        using (var there = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            there.Begin(
                SyntheticRun.New() with
                {
                    Provenance = [new("odd", odd), new("long", new string('ü', 300_000))],
                }
            );
        }

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        string run = LedgerImport.From(here, Folder["a"], SyntheticRun.Start).Added.Single();
        Assert.Equal(odd, here.Load(run).Provenance[1].Value);
        Assert.Equal(Encoding.UTF8.GetByteCount(odd), Encoding.UTF8.GetByteCount(here.Load(run).Provenance[1].Value));
    }

    private RunChain ChainOf(string machine, string run)
    {
        using var ledger = LedgerDatabase.OpenForReading(Folder[$"{machine}/ledger.db"]);
        return ledger.Load(run).Chain!;
    }

    private static void Whole(LedgerDatabase ledger) =>
        Assert.All(
            RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), [], null),
            check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}")
        );
}
