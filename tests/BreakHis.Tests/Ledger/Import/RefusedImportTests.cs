using BreakHis.Audit.Record;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Import;

/// <summary>What is not imported.</summary>
public sealed class RefusedImportTests : ImportedHomes
{
    [Fact]
    public void Records_from_elsewhere_do_not_continue_a_run_that_a_process_computes_here()
    {
        string run = ContinuedElsewhere(RunProcess.Current);
        using var here = LedgerDatabase.Open(Folder["a/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"b/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Equal(
            $"process {Environment.ProcessId} computes run {run} here, so its records cannot come from elsewhere; nothing was imported",
            e.Message
        );
        Assert.True(here.IsMadeHere(run));
    }

    /// <summary>Nothing but notes follows a result: other rows would change what reports show of it.</summary>
    [Fact]
    public void Results_after_the_end_of_a_run_are_refused()
    {
        string run = Machine("a");
        CopyOfRuns("a", "b");
        LedgerRebuild.Make(new HomeFolder(Folder["b"]), null, SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            there.Record(
                run,
                new ArtifactWritten("fine_tune", "fine_tune/best", "fine_tune/x", SyntheticRun.Hash(6), 7),
                SyntheticRun.Start
            );
        }

        using var here = LedgerDatabase.Open(Folder["a/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"b/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Contains($"run {run} is finished in", e.Message, StringComparison.Ordinal);
        Assert.True(here.IsMadeHere(run));
    }

    [Fact]
    public void Contradicting_runs_are_refused_and_nothing_changes()
    {
        string run = Machine("a");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
        using (var there = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            there.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"));
            new ConsistentRun(2).Write(there);
        }

        here.Note(run, "reran", SyntheticRun.Start, ("outcome", "other"));
        string before = Dump.Of(here.Path);
        int files = Directory.GetFiles(Folder["b"], "*", SearchOption.AllDirectories).Length;

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Contains(run, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Dump.Of(here.Path));
        Assert.Equal(files, Directory.GetFiles(Folder["b"], "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_different_run_with_the_same_id_is_refused_and_reported()
    {
        foreach (string machine in (string[])["a", "b"])
        {
            using var ledger = LedgerDatabase.Open(Folder[$"{machine}/ledger.db"]);
            ledger.Begin(SyntheticRun.New(SyntheticRun.Plan(machine), id: "3f2a90c1d7"));
        }

        using var here = LedgerDatabase.Open(Folder["a/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["b"], SyntheticRun.Start)
        );
        Assert.Contains("a different run with the id 3f2a90c1d7", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_runs_is_an_error()
    {
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        Assert.Throws<InputException>(() => LedgerImport.From(here, Folder["nowhere"], SyntheticRun.Start));
        Assert.Throws<InputException>(() => LedgerImport.From(here, Folder["b"], SyntheticRun.Start));
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
        string path = Folder[$"a/runs/{run}/record.jsonl"];
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

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        string before = Dump.Of(here.Path);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"a/runs/{run}"], SyntheticRun.Start)
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
        string path = Folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        lines[1] = ReplaceFirst(lines[1], "stage_started", "stage_ended");
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"a/runs/{run}"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Damaged, e.Fault);
        Assert.StartsWith($"{path}, line 2: was edited", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rewritten_record_breaks_the_chain_at_the_next_one()
    {
        string run = Machine("a");
        string path = Folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        RecordFileLine line = RecordFileLine.Parse(lines[0])!;
        string text = ReplaceFirst(line.Text, "run_began", "run_ended");
        lines[0] = (line with { Hash = Sha256Hex.OfText(text), Text = text }).ToString();
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"a/runs/{run}"], SyntheticRun.Start)
        );

        Assert.StartsWith($"{path}, line 2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ledger\":3", "\"ledger\":2", "number 2")]
    [InlineData("\"head\":\"", "\"head\":\"0", "head")]
    public void Positions_and_heads_in_the_ledger_must_follow_from_each_other(string from, string to, string reason)
    {
        string run = Machine("a");
        string path = Folder[$"a/runs/{run}/record.jsonl"];
        string[] lines = File.ReadAllLines(path);
        string edited = ReplaceFirst(lines[1], from, to);
        lines[1] =
            edited.Length > lines[1].Length
                ? edited.Remove(edited.IndexOf("\",\"ledger", StringComparison.Ordinal) - 1, 1)
                : edited;
        Assert.NotEqual(File.ReadAllLines(path)[1], lines[1]);
        File.WriteAllLines(path, lines);

        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start)
        );

        Assert.Equal(LedgerFault.Damaged, e.Fault);
        Assert.StartsWith($"{path}, line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
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
        string weights = Folder[$"a/runs/{run}/bottleneck/best.safetensors"];
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
                File.Move(weights, Folder["a/weights"]);
                File.CreateSymbolicLink(weights, Folder["a/weights"]);
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
        string own = Folder[$"b/runs/{run}/bottleneck/best.safetensors"];
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
        string own = Folder[$"b/runs/{run}/{place}"];
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
        string own = Folder[$"b/runs/{run}/bottleneck/best.safetensors"];
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
        string link = Folder[place.Replace("ID", MachineWithWeights(), StringComparison.Ordinal)];
        Directory.Move(link, Folder["elsewhere"]);
        File.CreateSymbolicLink(link, Folder["elsewhere"]);

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
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(
                here,
                Folder["a"],
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
        SourceRecord record = RecordSource.In(Folder[$"a/runs/{run}"])[0].Records[1];
        Assert.Equal("stage_started", record.Content().Kind);
        string path = Folder[$"a/runs/{run}/record.jsonl"];
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
        Forge(Folder[$"a/runs/{run}/record.jsonl"], fromTo[0], fromTo[1]);
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder[$"a/runs/{run}"], SyntheticRun.Start, checks ? RunRecordChecks.Faults : null)
        );

        Assert.Contains(fault, e.Message, StringComparison.Ordinal);
        Assert.EndsWith("nothing was imported", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_instead_of_records_is_refused()
    {
        Directory.CreateDirectory(Folder["a/runs/3f2a90c1d7"]);
        NamedPipe.Make(Folder["a/runs/3f2a90c1d7/record.jsonl"]);

        AssertRefused(Folder["a/runs/3f2a90c1d7/record.jsonl"], "not a regular file");
    }

    [Theory]
    [InlineData("../../../x")]
    [InlineData("/tmp/x")]
    [InlineData("record.jsonl")]
    [InlineData("a//b")]
    [InlineData(".bashrc")]
    public void A_path_outside_the_run_is_refused(string path)
    {
        using (var there = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            string run = there.Begin(SyntheticRun.New());
            there.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
            there.Record(
                run,
                new ArtifactWritten("bottleneck", "bottleneck/best", path, SyntheticRun.Hash(6), 7),
                SyntheticRun.Start
            );
        }

        AssertRefused(Folder["a"], $"names a file '{path}', which no run has");
    }

    [Fact]
    public void A_run_with_impossible_numbers_is_refused()
    {
        Machine("a");
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);

        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start, (_, _) => ["scores: 100 % of nothing"])
        );

        Assert.Contains("scores: 100 % of nothing; nothing was imported", e.Message, StringComparison.Ordinal);
        Assert.Empty(here.List(new RunFilter()).Runs);
    }

    private void AssertRefused(string place, string reason)
    {
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start)
        );
        Assert.Contains(place, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Empty(here.List(new RunFilter()).Runs);
        Assert.False(Directory.Exists(here.Home.Imports));
    }

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
}
