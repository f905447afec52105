using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger.Chain;

public sealed class RecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Ledger => _folder["ledger.db"];

    [Fact]
    public void Each_record_contains_the_hash_of_its_predecessor()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());

        List<RecordFileLine> lines = Lines(run);

        string before = new('0', 64);
        foreach ((int i, RecordFileLine line) in lines.Index())
        {
            using var record = JsonDocument.Parse(line.Text);
            Assert.Equal(before, record.RootElement.GetProperty("before").GetString());
            Assert.Equal(i, record.RootElement.GetProperty("number").GetInt32());
            Assert.Equal(run, record.RootElement.GetProperty("run").GetString());
            Assert.NotEmpty(record.RootElement.GetProperty("rows").EnumerateObject());
            before = Sha256(line.Text);
            Assert.Equal(before, line.Hash);
        }

        Assert.Equal(
            "run_began stage_started features_ready epoch_ended",
            string.Join(' ', lines.Take(4).Select(line => Member(line, "kind")))
        );
        Assert.Equal("run_ended", Member(lines[^1], "kind"));
        RunChain chain = ledger.Load(run).Chain!;
        Assert.Equal((lines.Count, before), (chain.Records, chain.Hash));
        Assert.Equal(chain.Ledger, ledger.Head());
    }

    [Fact]
    public void The_ledger_chains_the_records_of_all_runs()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        Assert.Equal(new LedgerHead(null, 0, new string('0', 64)), ledger.Head());
        string[] runs = [ledger.Begin(SyntheticRun.New()), ledger.Begin(SyntheticRun.New())];
        ledger.Record(runs[0], new StageStarted("bottleneck"), SyntheticRun.Start);
        ledger.Record(runs[1], new StageStarted("bottleneck"), SyntheticRun.Start);

        RecordFileLine[] lines =
        [
            .. ((string[])[.. runs, LedgerNote.Ledger]).SelectMany(Lines).OrderBy(line => line.Number),
        ];

        Assert.Equal([1, 2, 3, 4, 5], lines.Select(line => line.Number));
        Assert.Equal("ledger_began", Member(lines[0], "kind"));
        string head = new('0', 64);
        foreach (RecordFileLine line in lines)
        {
            head = Sha256(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"before":"{{head}}","hash":"{{line.Hash}}","number":{{line.Number}},"record":{{Member(line, "number")}},"run":"{{Member(line, "run")}}"}"""
                )
            );
            Assert.Equal(head, line.Head);
        }

        Assert.Equal((5, head), (ledger.Head().Records, ledger.Head().Head));
        Assert.Matches("^[0-9a-f]{32}$", ledger.Head().Id);
    }

    [Fact]
    public void A_record_contains_all_rows_of_its_transaction()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());

        using var begun = JsonDocument.Parse(Lines(run)[0].Text);
        JsonElement rows = begun.RootElement.GetProperty("rows");
        Assert.Equal(
            ["choices", "classes", "images", "provenance", "run_states", "runs", "split_checks", "test_images"],
            rows.EnumerateObject().Select(table => table.Name)
        );
        Assert.Equal(12, rows.GetProperty("images").GetArrayLength());
        Assert.Equal(2, rows.GetProperty("test_images").GetArrayLength());
        Assert.Equal("a 'quoted'\r\nline\n", rows.GetProperty("provenance")[1].GetProperty("value").GetString());

        string epoch = Lines(run).Single(line => line.Text.Contains("Infinity", StringComparison.Ordinal)).Text;
        Assert.Contains("\"train_loss\":\"Infinity\"", epoch, StringComparison.Ordinal);
        string untrained = Lines(run).First(line => Member(line, "kind") == "epoch_ended").Text;
        Assert.DoesNotContain("train_loss", untrained, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_new_row_there_is_no_new_record()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = ledger.Begin(SyntheticRun.New());
        ledger.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
        RunEvent artifact = SyntheticRun.Events.OfType<ArtifactWritten>().First();
        ledger.Record(run, artifact, SyntheticRun.Start);
        long records = ledger.Head().Records;

        ledger.Record(run, artifact, SyntheticRun.Start);
        ledger.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
        ledger.Record(run, new Progressed("bottleneck", StageActivity.Features, 0, 1, 2), SyntheticRun.Start);

        Assert.Equal(records, ledger.Head().Records);
    }

    [Fact]
    public void Notes_are_records_and_are_read_back()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());
        long records = ledger.Load(run).Chain!.Records;

        ledger.Note(run, "reran", SyntheticRun.Start, ("outcome", "same"), ("threads", "2"));
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("seed", "7"));

        LedgerNote note = Assert.Single(ledger.Notes(run));
        Assert.Equal("reran", note.Kind);
        Assert.Equal("at=2026-03-01T10:00:00Z outcome=same threads=2", Text(note));
        Assert.Equal(["ledger_began", "sample_drawn"], ledger.Notes(LedgerNote.Ledger).Select(n => n.Kind));
        Assert.Equal("reran", Member(Lines(run)[^1], "kind"));
        Assert.Equal(records, ledger.Load(run).Chain!.Records);
        Assert.Equal("sample_drawn", Member(Lines(LedgerNote.Ledger)[^1], "kind"));
        LedgerException e = Assert.Throws<LedgerException>(() =>
            ledger.Note("0000000000", "reran", SyntheticRun.Start)
        );
        Assert.Equal(LedgerFault.UnknownRun, e.Fault);
    }

    [Theory]
    [InlineData("a_1", true)]
    [InlineData("", false)]
    [InlineData("1a", false)]
    [InlineData("Reran", false)]
    [InlineData("re ran", false)]
    public void The_kind_of_a_note_is_a_word(string kind, bool isKind)
    {
        using var ledger = LedgerDatabase.Open(Ledger);

        if (isKind)
        {
            ledger.Note(LedgerNote.Ledger, kind, SyntheticRun.Start);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => ledger.Note(LedgerNote.Ledger, kind, SyntheticRun.Start));
        }

        Assert.Equal(isKind ? 2 : 0, ledger.Head().Records);
    }

    [Fact]
    public async Task A_record_file_locked_by_another_process_is_waited_for()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = ledger.Begin(SyntheticRun.New());
        var file = new FileStream(
            RecordFile.PathOf(ledger.Home, run),
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.None
        );
        var writing = Task.Run(
            () => ledger.Note(run, "noted", SyntheticRun.Start),
            TestContext.Current.CancellationToken
        );

        await Task.WhenAny(writing, Task.Delay(50, TestContext.Current.CancellationToken));
        await file.DisposeAsync();
        await writing;

        Assert.Equal(2, Lines(run).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(int.MaxValue)]
    public void A_record_file_that_lags_after_a_kill_is_completed(int cut)
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());
        string path = RecordFile.PathOf(ledger.Home, run);
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^Math.Min(cut, whole.Length)]);

        ledger.CatchUp(run);

        Assert.Equal(whole, File.ReadAllBytes(path));
        ledger.Note(run, "reran", SyntheticRun.Start);
        Assert.Equal(ledger.Load(run).Chain!.Records + 1, Lines(run).Count);
    }

    [Fact]
    public void An_incomplete_line_longer_than_the_next_record_is_cut()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());
        string path = RecordFile.PathOf(ledger.Home, run);
        byte[] whole = File.ReadAllBytes(path);
        File.AppendAllText(path, new string('x', 1_000_000));

        ledger.CatchUp(run);

        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_record_file_with_foreign_records_is_not_modified()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string run = SyntheticRun.Complete(ledger, SyntheticRun.New());
        string path = RecordFile.PathOf(ledger.Home, run);
        string other = new RecordFileLine(99, SyntheticRun.Hash(1), SyntheticRun.Hash(2), "{}").ToString();
        File.AppendAllText(path, other + "\n");
        byte[] before = File.ReadAllBytes(path);

        LedgerException e = Assert.Throws<LedgerException>(() => ledger.CatchUp(run));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Runs_of_the_first_schema_become_one_record_each()
    {
        using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False"))
        {
            connection.Open();
            connection.Execute(Migrations.Script(1));
            connection.Execute(
                $"PRAGMA application_id = {Migrations.ApplicationId.ToString(CultureInfo.InvariantCulture)}"
            );
            connection.Execute("PRAGMA user_version = 1");
            foreach ((int number, string id) in (ReadOnlySpan<(int, string)>)[(2, "aaaaaaaaaa"), (5, "bbbbbbbbbb")])
            {
                connection.Execute(
                    "INSERT INTO runs VALUES ($1, $2, 'old', $3, 1, 'old.yaml', $3, '{}', '{}', '2026-01-01T00:00:00Z')",
                    number,
                    id,
                    SyntheticRun.Hash(1)
                );
                connection.Execute(
                    "INSERT INTO run_states VALUES ($1, 0, 'running', '2026-01-01T00:00:00Z', NULL, 1, 'then', 'here')",
                    id
                );
                connection.Execute(
                    "INSERT INTO run_states VALUES ($1, 1, 'failed', '2026-01-01T00:00:01Z', 'why', NULL, NULL, NULL)",
                    id
                );
            }
        }

        using var ledger = LedgerDatabase.Open(Ledger);

        Assert.Equal(3, ledger.Head().Records);
        foreach (string run in (string[])["aaaaaaaaaa", "bbbbbbbbbb"])
        {
            RecordFileLine line = Assert.Single(Lines(run));
            Assert.True(line.IsAsHashed);
            Assert.Equal("adopted", Member(line, "kind"));
            Assert.Equal(("why", 1), (ledger.Load(run).Failure, ledger.Load(run).Chain!.Records));
        }

        ledger.Resume("bbbbbbbbbb", RunProcess.Current, SyntheticRun.Start);
        Assert.Equal(2, Lines("bbbbbbbbbb").Count);
        Assert.Equal(["1", "2"], ledger.Connection.Query("SELECT number FROM runs", row => $"{row.GetInt64(0)}"));
    }

    [Fact]
    public void Every_other_table_refers_to_records() =>
        Assert.Equal(
            [
                "artifacts",
                "checkpoints",
                "choices",
                "classes",
                "epochs",
                "features",
                "images",
                "notes",
                "predictions",
                "provenance",
                "run_states",
                "runs",
                "split_checks",
                "stage_ends",
                "stages",
                "test_images",
                "test_predictions",
                "test_scores",
            ],
            LedgerSchema.Tables.Select(table => table.Name)
        );

    public void Dispose() => _folder.Dispose();

    private List<RecordFileLine> Lines(string chain) =>
        [
            .. RecordFile
                .Lines(RecordFile.PathOf(new HomeFolder(_folder.Path), chain))
                .Select(line => RecordFileLine.Parse(line)!),
        ];

    private static string Member(RecordFileLine line, string name)
    {
        using var record = JsonDocument.Parse(line.Text);
        return record.RootElement.GetProperty(name).ToString();
    }

    private static string Text(LedgerNote note) => string.Join(' ', note.Entries.Select(e => $"{e.Key}={e.Value}"));

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
