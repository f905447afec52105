using System.Text;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Import;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Runs_are_imported_with_their_chain_and_files()
    {
        string run = MachineWithWeights();
        RunChain chain = ChainOf("a", run);
        LedgerHead source;
        using (var there = LedgerDatabase.OpenForReading(_folder["a/ledger.db"]))
        {
            source = there.Head();
        }

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        new ConsistentRun(2).Write(here);
        ImportedRuns imported = LedgerImport.From(here, _folder["a"], SyntheticRun.Start);

        Assert.Equal([run], imported.Added);
        Assert.Equal(source, imported.Source);
        Assert.Equal((chain.Records, chain.Hash), (here.Load(run).Chain!.Records, here.Load(run).Chain!.Hash));
        Assert.Equal("weights", File.ReadAllText(here.Home.Run(run).File("bottleneck/best.safetensors")));
        LedgerNote note = here.Notes(LedgerNote.Ledger)[^1];
        Assert.Equal("imported", note.Kind);
        Assert.Equal($"{run} {chain.Records} {chain.Hash} 0", note.Entries["runs"]);
        Assert.Equal((_folder["a"], "2026-03-01T10:00:00Z"), (note.Entries["source"], note.Entries["at"]));
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
            using var ledger = LedgerDatabase.Open(_folder[$"{order}/ledger.db"]);
            foreach (char machine in order)
            {
                LedgerImport.From(ledger, _folder[$"{machine}"], SyntheticRun.Start);
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
        using (var ledger = LedgerDatabase.Open(_folder["c/ledger.db"]))
        {
            LedgerImport.From(ledger, _folder["b/runs"], SyntheticRun.Start);
            LedgerImport.From(ledger, _folder["a"], SyntheticRun.Start);
        }

        string before = Dump.Of(_folder["c/ledger.db"]);
        LedgerRebuild.Make(new HomeFolder(_folder["c"]), null, SyntheticRun.Start);
        Assert.Equal(before, Dump.Of(_folder["c/ledger.db"]));
    }

    [Fact]
    public void Known_records_are_not_imported_again_and_new_ones_extend_a_run()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
        LedgerHead head = here.Head();

        Assert.Equal([run], LedgerImport.From(here, _folder["a"], SyntheticRun.Start).Unchanged);
        Assert.Equal(head, here.Head());

        using (var there = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"));
        }

        Assert.Equal([run], LedgerImport.From(here, _folder[$"a/runs/{run}"], SyntheticRun.Start).Extended);
        Assert.Equal("reran", Assert.Single(here.Notes(run)).Kind);
        Whole(here);

        // Imports back into the first ledger, which has the run already.
        using var back = LedgerDatabase.Open(_folder["a/ledger.db"]);
        Assert.Equal([run], LedgerImport.From(back, _folder["b"], SyntheticRun.Start).Unchanged);
    }

    /// <summary>A signature of the other ledger, or a report of it, is explained by its records, which are here.</summary>
    [Fact]
    public void Every_head_of_an_imported_ledger_follows_from_its_records()
    {
        List<KnownHead> heads = [];
        using (var there = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            string first = new ConsistentRun(1).Write(there);
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
            new ConsistentRun(2).Write(there);
            there.Note(first, "reran", SyntheticRun.Start, ("outcome", "same"));
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
            there.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", "a"));
            heads.Add(KnownHead.Of(there.Head(), "a signature"));
        }

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        new ConsistentRun(3).Write(here);
        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);

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
        LedgerRebuild.Make(new HomeFolder(_folder["b"]), null, SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "different"));
        }

        using var here = LedgerDatabase.Open(_folder["a/ledger.db"]);
        string report = Report.Html([here.Load(run)]);
        ImportedRuns imported = LedgerImport.From(here, _folder[$"b/runs/{run}"], SyntheticRun.Start);

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
        using var here = LedgerDatabase.Open(_folder["a/ledger.db"]);
        Assert.True(here.IsMadeHere(run));

        LedgerImport.From(here, _folder[$"b/runs/{run}"], SyntheticRun.Start);

        Assert.False(here.IsMadeHere(run));
    }

    [Fact]
    public void Records_from_elsewhere_do_not_continue_a_run_that_a_process_computes_here()
    {
        string run = ContinuedElsewhere(RunProcess.Current);
        using var here = LedgerDatabase.Open(_folder["a/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder[$"b/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Equal(
            $"process {Environment.ProcessId} computes run {run} here, so its records cannot come from elsewhere; nothing was imported",
            e.Message
        );
        Assert.True(here.IsMadeHere(run));
    }

    [Fact]
    public void Imported_records_show_where_the_other_ledger_was_at_the_end_of_each_run()
    {
        string[] runs;
        RunChain[] there;
        using (var other = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            runs = [new ConsistentRun(1).Write(other), new ConsistentRun(2).Write(other)];
            other.Note(runs[0], "reran", SyntheticRun.Start, ("outcome", "same"));
            there = [.. runs.Select(run => other.Load(run).Chain!)];
        }

        string own = Machine("b");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);

        string id = there[0].Ledger.Id!;
        Assert.Equal(
            there.Select(chain => chain.Ledger),
            runs.Zip(there, (run, chain) => here.HeadIn(id, run, chain.Records - 1)!)
        );
        Assert.Null(here.HeadIn(id, own, 0));
        Assert.False(here.WasImportedIn(id, runs[0]));

        Machine("c");
        using var further = LedgerDatabase.Open(_folder["c/ledger.db"]);
        LedgerImport.From(further, _folder["b"], SyntheticRun.Start);
        string second = here.Head().Id!;
        Assert.True(further.WasImportedIn(second, runs[0]));
        Assert.False(further.WasImportedIn(second, own));
    }

    private string ContinuedElsewhere(RunProcess process)
    {
        string run;
        using (var begun = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            run = begun.Begin(SyntheticRun.New() with { Process = process });
        }

        CopyOfRuns("a", "b");
        LedgerRebuild.Make(new HomeFolder(_folder["b"]), null, SyntheticRun.Start);
        using var there = LedgerDatabase.Open(_folder["b/ledger.db"]);
        there.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
        return run;
    }

    /// <summary>The process was killed after the ledger had the runs and before their files had them.</summary>
    [Fact]
    public void The_record_of_a_killed_import_is_completed_by_the_next_write()
    {
        Machine("a");
        string own = Machine("b");
        using (var here = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
        }

        string records = _folder["b/runs/ledger.jsonl"];
        string[] lines = File.ReadAllLines(records);
        Assert.Contains("imported", lines[^1], StringComparison.Ordinal);
        File.WriteAllLines(records, lines[..^1]);

        using (var here = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            here.Note(own, "reran", SyntheticRun.Start, ("outcome", "same"));
        }

        Assert.Equal(lines, File.ReadAllLines(records)[..lines.Length]);
    }

    /// <summary>The record of the import comes before those of its runs, so its loss leaves a gap.</summary>
    [Fact]
    public void Imported_runs_do_not_become_ones_own_when_the_record_of_the_import_is_lost()
    {
        string imported = Machine("a");
        Machine("b");
        using (var here = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
            Assert.True(here.IsOwn);
            Assert.False(here.Load(imported).Summary.IsMadeHere);
        }

        Array.ForEach([.. LedgerFiles.Of(_folder["b/ledger.db"])], File.Delete);
        string records = _folder["b/runs/ledger.jsonl"];
        File.WriteAllLines(records, File.ReadAllLines(records)[..^1]);

        RebuiltLedger made = LedgerRebuild.Make(new HomeFolder(_folder["b"]), null, SyntheticRun.Start);

        Assert.StartsWith("record number ", made.Missing[0], StringComparison.Ordinal);
        using var rebuilt = LedgerDatabase.OpenForReading(_folder["b/ledger.db"]);
        Assert.False(rebuilt.IsOwn);
        Assert.False(rebuilt.Load(imported).Summary.IsMadeHere);
    }

    /// <summary>Earlier builds wrote the record of an import after those of its runs.</summary>
    [Fact]
    public void A_record_of_an_import_names_no_run_that_came_later()
    {
        Machine("a");
        Machine("b");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
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

    /// <summary>Nothing but notes follows a result: other rows would change what reports show of it.</summary>
    [Fact]
    public void Results_after_the_end_of_a_run_are_refused()
    {
        string run = Machine("a");
        CopyOfRuns("a", "b");
        LedgerRebuild.Make(new HomeFolder(_folder["b"]), null, SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            there.Record(
                run,
                new ArtifactWritten("fine_tune", "fine_tune/best", "fine_tune/x", SyntheticRun.Hash(6), 7),
                SyntheticRun.Start
            );
        }

        using var here = LedgerDatabase.Open(_folder["a/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder[$"b/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Contains($"run {run} is finished in", e.Message, StringComparison.Ordinal);
        Assert.True(here.IsMadeHere(run));
    }

    [Fact]
    public void Contradicting_runs_are_refused_and_nothing_changes()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"));
            new ConsistentRun(2).Write(there);
        }

        here.Note(run, "reran", SyntheticRun.Start, ("outcome", "other"));
        string before = Dump.Of(here.Path);
        int files = Directory.GetFiles(_folder["b"], "*", SearchOption.AllDirectories).Length;

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Contains(run, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Dump.Of(here.Path));
        Assert.Equal(files, Directory.GetFiles(_folder["b"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_different_run_with_the_same_id_is_refused_and_reported()
    {
        foreach (string machine in (string[])["a", "b"])
        {
            using var ledger = LedgerDatabase.Open(_folder[$"{machine}/ledger.db"]);
            ledger.Begin(SyntheticRun.New(SyntheticRun.Plan(machine), id: "3f2a90c1d7"));
        }

        using var here = LedgerDatabase.Open(_folder["a/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["b"], SyntheticRun.Start)
        );
        Assert.Contains("a different run with the id 3f2a90c1d7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_runs_is_an_error()
    {
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        Assert.Throws<InputException>(() => LedgerImport.From(here, _folder["nowhere"], SyntheticRun.Start));
        Assert.Throws<InputException>(() => LedgerImport.From(here, _folder["b"], SyntheticRun.Start));
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("one line of junk")]
    [InlineData("binary")]
    [InlineData("\"number\":0|\"number\":1")]
    [InlineData("\"before\":\"0|\"before\":\"1")]
    [InlineData("\"rows\":{|\"rows\":{\"sqlite_schema\":[{}],")]
    [InlineData("\"rows\":{|\"rows\":{\"runs; DROP TABLE runs\":[{}],")]
    [InlineData("\"rows\":{|\"rows\":{\"records\":[{\"number\":1}],")]
    [InlineData("\"class\":0,|\"class\":0,\"class\":0,")]
    [InlineData("\"class\":0,|\"class\":\"0\",")]
    [InlineData("\"class\":0,|\"class\":0.5,")]
    [InlineData("\"class\":0,|\"class\":[],")]
    [InlineData("\"class\":0,|\"class\":00,")]
    [InlineData("\"class\":0,|\"class\":1e400,")]
    [InlineData("\"class\":0,|\"class\":0, ")]
    [InlineData("\"class\":0,|\"class\":0,\"x) VALUES (1); DROP TABLE runs; --\":1,")]
    [InlineData("\"class\":0,|\"class\":0,\"run_id\":\"ffffffffff\",")]
    [InlineData("\"class\":0,|\"class\":0,\"record\":5,")]
    [InlineData("\"class\":0,|\"class\":77,")]
    [InlineData("\"side\":\"train\"|\"side\":\"\\ud800\"")]
    [InlineData("\"side\":\"train\"|\"side\":\"neither\"")]
    [InlineData("\"runs\":[{|\"runs\":[{},{")]
    [InlineData("\"runs\":[|\"runs\":[[],")]
    [InlineData("\"runs\":[|\"runs\":[5,")]
    public void A_forged_record_file_is_an_error_of_one_line(string change)
    {
        string run = Machine("a");
        string path = _folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        switch (change.Split('|'))
        {
            case [var from, var to]:
                RecordFileLine line = RecordFileLine.Parse(lines[0])!;
                string text = ReplaceFirst(line.Text, from, to);
                Assert.NotEqual(line.Text, text);
                File.WriteAllText(path, (line with { Hash = Sha256Hex.OfText(text), Text = text }) + "\n");
                break;
            case ["binary"]:
                File.WriteAllBytes(path, [.. Enumerable.Range(0, 1 << 16).Select(i => (byte)(i * 7))]);
                break;
            case ["junk"]:
                File.WriteAllText(path, string.Concat(Enumerable.Repeat("{\"hash\":\"junk\n", 700_000)));
                break;
            default:
                File.WriteAllText(path, new string('{', 10_000_000) + "\n");
                break;
        }

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        string before = Dump.Of(here.Path);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder[$"a/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.True(e.Message.Length < 1000, e.Message);
        Assert.Equal(before, Dump.Of(here.Path));
    }

    [Fact]
    public void An_edited_record_is_an_error_at_its_line()
    {
        string run = Machine("a");
        string path = _folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        lines[1] = ReplaceFirst(lines[1], "stage_started", "stage_ended");
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder[$"a/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Damaged, e.Fault);
        Assert.StartsWith($"{path}, line 2: was edited", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rewritten_record_breaks_the_chain_at_the_next_one()
    {
        string run = Machine("a");
        string path = _folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        RecordFileLine line = RecordFileLine.Parse(lines[0])!;
        string text = ReplaceFirst(line.Text, "run_began", "run_ended");
        lines[0] = (line with { Hash = Sha256Hex.OfText(text), Text = text }).ToString();
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder[$"a/runs/{run}"], SyntheticRun.Start)
        );

        Assert.StartsWith($"{path}, line 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ledger\":3", "\"ledger\":2", "number 2")]
    [InlineData("\"head\":\"", "\"head\":\"0", "head")]
    public void Positions_and_heads_in_the_ledger_must_follow_from_each_other(string from, string to, string reason)
    {
        string run = Machine("a");
        string path = _folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        string edited = ReplaceFirst(lines[1], from, to);
        lines[1] =
            edited.Length > lines[1].Length
                ? edited.Remove(edited.IndexOf("\",\"ledger", StringComparison.Ordinal) - 1, 1)
                : edited;
        Assert.NotEqual(File.ReadAllLines(path)[1], lines[1]);
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Damaged, e.Fault);
        Assert.StartsWith($"{path}, line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_file_that_is_being_written_is_not_imported()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        using var file = new FileStream(
            _folder[$"a/runs/{run}/record.jsonl"],
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Denied, e.Fault);
    }

    [Fact]
    public void A_run_folder_copied_by_hand_is_imported_in_its_place()
    {
        string run = Machine("a");
        RunChain chain = ChainOf("a", run);
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        new ConsistentRun(2).Write(here);
        Directory.CreateDirectory(_folder[$"b/runs/{run}"]);
        File.Copy(_folder[$"a/runs/{run}/record.jsonl"], _folder[$"b/runs/{run}/record.jsonl"]);

        Assert.Equal([run], LedgerImport.From(here, _folder[$"b/runs/{run}"], SyntheticRun.Start).Added);
        Assert.Equal((chain.Records, chain.Hash), (here.Load(run).Chain!.Records, here.Load(run).Chain!.Hash));
        Whole(here);
    }

    [Fact]
    public void Only_files_that_the_record_names_are_copied()
    {
        string run = MachineWithWeights();
        File.WriteAllText(_folder[$"a/runs/{run}/other"], "1");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);

        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);

        Assert.Equal(
            ["bottleneck/best.safetensors", "record.jsonl"],
            Directory
                .EnumerateFiles(_folder[$"b/runs/{run}"], "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_folder[$"b/runs/{run}"], file))
                .Order(StringComparer.Ordinal)
        );
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    [Theory]
    [InlineData("edited", "its hash is not the recorded one")]
    [InlineData("longer", "has 8 bytes, but 7 were recorded")]
    [InlineData("link", "is a link, or below one")]
    [InlineData("pipe", "not a regular file but a pipe, socket or device")]
    [InlineData("folder", "is a folder")]
    public void A_file_that_is_not_the_recorded_one_is_refused(string way, string reason)
    {
        string run = MachineWithWeights();
        string weights = _folder[$"a/runs/{run}/bottleneck/best.safetensors"];
        switch (way)
        {
            case "edited":
                File.WriteAllText(weights, "Weights");
                break;
            case "longer":
                File.WriteAllText(weights, "weights!");
                break;
            case "folder":
                File.Delete(weights);
                Directory.CreateDirectory(weights);
                break;
            case "link":
                File.Move(weights, _folder["a/weights"]);
                File.CreateSymbolicLink(weights, _folder["a/weights"]);
                break;
            default:
                File.Delete(weights);
                NamedPipe.Make(weights);
                break;
        }

        AssertRefused(weights, reason);
    }

    [Fact]
    public void A_file_here_is_not_replaced_by_one_with_another_hash()
    {
        string run = MachineWithWeights();
        string own = _folder[$"b/runs/{run}/bottleneck/best.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(own)!);
        File.WriteAllText(own, "my own weights");

        AssertRefused(own, "differs from every version that the imported record knows");

        Assert.Equal("my own weights", File.ReadAllText(own));
    }

    [Theory]
    [InlineData("bottleneck/best.safetensors", true, "is a folder")]
    [InlineData("bottleneck", false, "is a file")]
    public void A_file_here_that_leaves_no_place_for_another_is_refused(string place, bool isFolder, string reason)
    {
        string run = MachineWithWeights();
        string own = _folder[$"b/runs/{run}/{place}"];
        Directory.CreateDirectory(isFolder ? own : Path.GetDirectoryName(own)!);
        if (!isFolder)
        {
            File.WriteAllText(own, "mine");
        }

        AssertRefused(own, reason);
    }

    /// <summary>Hashing terabytes takes hours.</summary>
    [Fact]
    public void A_file_here_of_another_length_is_not_read()
    {
        string run = MachineWithWeights();
        string own = _folder[$"b/runs/{run}/bottleneck/best.safetensors"];
        SparseFile.Make(own, 1L << 40);

        AssertRefused(own, "differs from every version that the imported record knows");
    }

    /// <summary>A link could lead to files that nobody meant to give away.</summary>
    [Theory]
    [InlineData("a/runs")]
    [InlineData("a/runs/ID")]
    [InlineData("a/runs/ID/record.jsonl")]
    [InlineData("a/runs/ledger.jsonl")]
    public void A_link_among_the_records_is_refused(string place)
    {
        string link = _folder[place.Replace("ID", MachineWithWeights(), StringComparison.Ordinal)];
        Directory.Move(link, _folder["elsewhere"]);
        File.CreateSymbolicLink(link, _folder["elsewhere"]);

        AssertRefused(link, "is a link");
    }

    [Theory]
    [InlineData(100, 1 << 20, 100, 1 << 20, "longer than 0 MB")]
    [InlineData(1 << 20, 100, 100, 1 << 20, "line 1: is longer than 0 MB")]
    [InlineData(1 << 20, 1 << 20, 7, 1 << 20, "has more than 7 records")]
    [InlineData(1 << 20, 1 << 20, 18, 1 << 20, "has more than 18 records")]
    [InlineData(1 << 20, 1 << 20, 100, 100, "own records are longer than 0 MB")]
    public void An_import_that_is_too_long_is_refused(long file, int line, int records, int notes, string fault)
    {
        Machine("a");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(
                here,
                _folder["a"],
                SyntheticRun.Start,
                limits: new RecordLimits(file, line, records, notes)
            )
        );

        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        Assert.Equal(0, here.Head().Records);
    }

    /// <summary>The text of a record is not kept, but read again when it is needed.</summary>
    [Fact]
    public void A_record_that_changes_while_it_is_read_is_refused()
    {
        string run = Machine("a");
        SourceRecord record = RecordSource.In(_folder[$"a/runs/{run}"])[0].Records[1];
        Assert.Equal("stage_started", record.Content().Kind);
        string path = _folder[$"a/runs/{run}/record.jsonl"];
        File.WriteAllText(path, ReplaceFirst(File.ReadAllText(path), "stage_started", "stage_stopped"));

        LedgerException e = Assert.Throws<LedgerException>(record.Content);

        Assert.Contains($"{path}, line 2: changed", e.Message, StringComparison.Ordinal);
    }

    /// <summary>A run that was imported and cannot be read would stay so for good.</summary>
    [Theory]
    [InlineData("\"step\":0|\"step\":4611686018427387904", false, "the run cannot be read")]
    [InlineData(
        "\"started_at\":\"2026-03-01T10:00:00Z\"|\"started_at\":\"xxxx-xx-xxTxx:xx:xxZ\"",
        true,
        "is not a time"
    )]
    [InlineData("\"at\":\"2026-03-01T10:00:00Z\"|\"at\":\"0000-99-99T99:99:99Z\"", true, "is not a time")]
    [InlineData("\"process_id\":|\"process_id\":-", true, "process_id is not between 0 and 2147483647")]
    [InlineData("\"from_cache\":0,\"key\":\"|\"from_cache\":0,\"key\":\"../../x", true, "is not a key")]
    [InlineData(
        "\"stage\":\"bottleneck\",\"state_sha256\"|\"stage\":\"fine_tune\",\"state_sha256\"",
        false,
        "its records contradict each other"
    )]
    [InlineData("\"path\":\"bottleneck/best.safetensors\"|\"path\":\"ledger.db\"", false, "which no run has")]
    public void A_value_that_no_run_writes_is_refused(string change, bool checks, string fault)
    {
        string run = Machine("a");
        string[] fromTo = change.Split('|');
        Forge(_folder[$"a/runs/{run}/record.jsonl"], fromTo[0], fromTo[1]);
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(
                here,
                _folder[$"a/runs/{run}"],
                SyntheticRun.Start,
                checks ? RunRecordChecks.Faults : null
            )
        );

        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("nothing was imported", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_instead_of_records_is_refused()
    {
        Directory.CreateDirectory(_folder["a/runs/3f2a90c1d7"]);
        NamedPipe.Make(_folder["a/runs/3f2a90c1d7/record.jsonl"]);

        AssertRefused(_folder["a/runs/3f2a90c1d7/record.jsonl"], "not a regular file");
    }

    [Theory]
    [InlineData("../../../x")]
    [InlineData("/tmp/x")]
    [InlineData("record.jsonl")]
    [InlineData("a//b")]
    [InlineData(".bashrc")]
    public void A_path_outside_the_run_is_refused(string path)
    {
        using (var there = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            string run = there.Begin(SyntheticRun.New());
            there.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
            there.Record(
                run,
                new ArtifactWritten("bottleneck", "bottleneck/best", path, SyntheticRun.Hash(6), 7),
                SyntheticRun.Start
            );
        }

        AssertRefused(_folder["a"], $"names a file '{path}', which no run has");
    }

    [Fact]
    public void A_run_with_impossible_numbers_is_refused()
    {
        Machine("a");
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start, (_, _) => ["scores: 100 % of nothing"])
        );

        Assert.Contains("scores: 100 % of nothing; nothing was imported", e.Message, StringComparison.Ordinal);
        Assert.Empty(here.List(new RunFilter()).Runs);
    }

    [Fact]
    public void A_check_changes_nothing()
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);

        ImportedRuns imported = LedgerImport.From(here, _folder["a"], SyntheticRun.Start, onlyCheck: true);

        Assert.Equal([run], imported.Added);
        Assert.Empty(here.List(new RunFilter()).Runs);
        Assert.Equal(["ledger.db"], Directory.GetFileSystemEntries(_folder["b"], "*.db").Select(Path.GetFileName));
        Assert.False(Directory.Exists(here.Home.Runs));
    }

    /// <summary>As if the process had been killed after the ledger had the run, or before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_next_write_completes_an_import_or_takes_it_back(bool isInLedger)
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        if (isInLedger)
        {
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
            Directory.Delete(here.Home.Run(run).Path, recursive: true);
        }

        string staged = _folder[$"b/imports/1/runs/{run}/bottleneck/best.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        File.WriteAllText(staged, "weights");
        using var next = LedgerDatabase.Open(_folder["b/ledger.db"]);
        next.Begin(SyntheticRun.New());

        Assert.Equal(isInLedger, File.Exists(here.Home.Run(run).File("bottleneck/best.safetensors")));
        Assert.Equal(isInLedger, File.Exists(here.Home.Run(run).File("record.jsonl")));
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    [Fact]
    public void Files_of_an_import_that_cannot_be_moved_are_kept()
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerImport.From(here, _folder["a"], SyntheticRun.Start);
        string weights = here.Home.Run(run).File("bottleneck/best.safetensors");
        string staged = _folder[$"b/imports/1/runs/{run}/bottleneck/best.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        File.Move(weights, staged);
        Directory.CreateDirectory(weights);

        using var next = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() => next.Begin(SyntheticRun.New()));

        Assert.Contains("imports/1 has files of an import", e.Message, StringComparison.Ordinal);
        Assert.Equal("weights", File.ReadAllText(staged));
        Directory.Delete(weights);
        next.Begin(SyntheticRun.New());
        Assert.Equal("weights", File.ReadAllText(weights));
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    /// <summary>A tool without the check for lost records gave their numbers to another run.</summary>
    [Fact]
    public void A_run_whose_numbers_another_run_took_is_imported_again()
    {
        Machine("b", 2);
        File.Copy(_folder["b/ledger.db"], _folder["older.db"]);
        string lost;
        using (var ledger = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            lost = new ConsistentRun(3).Write(ledger);
        }

        File.Move(_folder["older.db"], _folder["b/ledger.db"], overwrite: true);
        using (var ledger = LedgerDatabase.Open(_folder["b/ledger.db"]))
        {
            RunWriter.Begin(ledger.Connection, SyntheticRun.New(), null);
            ledger.CatchUpAll();
        }

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerRebuild.Make(new HomeFolder(_folder["b"]), null, SyntheticRun.Start)
        );
        Assert.Contains("'dotnet breakhis import'", e.Message, StringComparison.Ordinal);
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        Assert.Equal([lost], LedgerImport.From(here, _folder[$"b/runs/{lost}"], SyntheticRun.Start).Added);
        Assert.Equal(3, here.List(new RunFilter()).Runs.Count);
        LedgerRebuild.Make(new HomeFolder(_folder["b"]), _folder["rebuilt.db"], SyntheticRun.Start);
    }

    private void AssertRefused(string place, string reason)
    {
        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, _folder["a"], SyntheticRun.Start)
        );
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Empty(here.List(new RunFilter()).Runs);
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    /// <summary>A home folder with one run and the weights of its first stage.</summary>
    private string MachineWithWeights()
    {
        using var ledger = LedgerDatabase.Open(_folder["a/ledger.db"]);
        string run = new ConsistentRun { WeightsSha256 = Sha256Hex.OfText("weights") }.Write(ledger);
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", "a"));
        Directory.CreateDirectory(_folder[$"a/runs/{run}/bottleneck"]);
        File.WriteAllText(_folder[$"a/runs/{run}/bottleneck/best.safetensors"], "weights");
        return run;
    }

    [Fact]
    public void Any_text_is_imported_unchanged()
    {
        string odd = "a\0b\u0001\u2028\ud83e\uddec\"\\\n\u007f\ufffd";
        using (var there = LedgerDatabase.Open(_folder["a/ledger.db"]))
        {
            there.Begin(
                SyntheticRun.New() with
                {
                    Provenance = [new("odd", odd), new("long", new string('ü', 300_000))],
                }
            );
        }

        using var here = LedgerDatabase.Open(_folder["b/ledger.db"]);
        string run = LedgerImport.From(here, _folder["a"], SyntheticRun.Start).Added.Single();
        Assert.Equal(odd, here.Load(run).Provenance[1].Value);
        Assert.Equal(Encoding.UTF8.GetByteCount(odd), Encoding.UTF8.GetByteCount(here.Load(run).Provenance[1].Value));
    }

    public void Dispose() => _folder.Dispose();

    private void CopyOfRuns(string from, string to)
    {
        foreach (string file in Directory.GetFiles(_folder[$"{from}/runs"], "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder[to], Path.GetRelativePath(_folder[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>A home folder with one run.</summary>
    private string Machine(string name, long seed = 1)
    {
        using var ledger = LedgerDatabase.Open(_folder[$"{name}/ledger.db"]);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");
        string run = new ConsistentRun(seed).Write(ledger);
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", name));
        return run;
    }

    private RunChain ChainOf(string machine, string run)
    {
        using var ledger = LedgerDatabase.OpenForReading(_folder[$"{machine}/ledger.db"]);
        return ledger.Load(run).Chain!;
    }

    private static void Whole(LedgerDatabase ledger) =>
        Assert.All(
            RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), [], null),
            check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}")
        );

    /// <summary>Changes the first record that contains a text, and drops the later ones.</summary>
    private static void Forge(string path, string from, string to)
    {
        string[] lines = File.ReadAllLines(path);
        int at = Array.FindIndex(lines, text => text.Contains(from, StringComparison.Ordinal));
        RecordFileLine line = RecordFileLine.Parse(lines[at])!;
        string text = ReplaceFirst(line.Text, from, to);
        string hash = Sha256Hex.OfText(text);
        string head = at == 0 ? line.Head : RecordFileLine.Parse(lines[at - 1])!.Head;
        head = RecordLine.Head(head, hash, line.Number, at, Path.GetFileName(Path.GetDirectoryName(path)!));
        lines[at] = (line with { Hash = hash, Head = head, Text = text }).ToString();
        File.WriteAllLines(path, lines[..(at + 1)]);
    }

    private static string ReplaceFirst(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }
}
