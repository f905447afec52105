using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Runs;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

/// <summary>A home folder that somebody else made by hand writes nowhere else and is nobody's own.</summary>
public sealed class HostileHomeTests : IDisposable
{
    private const string Victim = "victim";

    private readonly TemporaryFolder _folder = new();
    private readonly string _run;

    public HostileHomeTests()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");
        _run = new ConsistentRun().Write(ledger);
        Directory.CreateDirectory(_folder[Victim]);
    }

    private string Ledger => _folder["a/b/home/ledger.db"];

    private HomeFolder Home => new(_folder["a/b/home"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("UPDATE notes SET name = 'idx' WHERE run_id = 'ledger' AND name = 'id'")]
    [InlineData("UPDATE notes SET value = '../ledgers/x' WHERE run_id = 'ledger' AND name = 'id'")]
    [InlineData("DELETE FROM notes WHERE run_id = 'ledger'")]
    public void A_ledger_without_an_ID_is_somebody_elses_and_fails(string edit)
    {
        Edit(edit);
        using var ledger = LedgerDatabase.OpenForAudit(Ledger);

        Assert.False(ledger.IsOwn);
        Assert.False(ledger.Load(_run).Summary.IsMadeHere);
        Assert.Contains(
            RecordChecks.Of(ledger, RecordFiles.Of(Home), [], null),
            check =>
                check.Outcome == AuditOutcome.Fail
                && check.Reason.StartsWith("the ledger's first record does not give its ID", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_recorded_path_moves_no_file_out_of_the_home_folder()
    {
        File.WriteAllText(_folder["a/bashrc"], "precious");
        File.WriteAllText(_folder["a/b/home/bashrc"], "evil");
        Directory.CreateDirectory(_folder[$"a/b/home/imports/0123/runs/{_run}"]);
        Edit(
            $"""
            INSERT INTO artifacts (run_id, path, number, stage, name, sha256, bytes, record)
            SELECT run_id, '../../../../bashrc', number + 100, stage, name, '{Sha256Hex.OfText("evil")}', 4, record
            FROM artifacts WHERE run_id = '{_run}' LIMIT 1
            """
        );

        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            ledger.Begin(SyntheticRun.New());
        }

        Assert.Equal("precious", File.ReadAllText(_folder["a/bashrc"]));
    }

    [Fact]
    public void A_run_with_the_name_of_a_path_writes_nothing_and_fails()
    {
        Edit(
            """
            INSERT INTO records (number, run_id, record, kind, hash, head, marks)
            SELECT number + 100, '../../../victim', 0, kind, hash, head, marks FROM records WHERE number = 1
            """
        );

        Assert.Throws<LedgerException>(() => LedgerRebuild.Make(Home, null, SyntheticRun.Start));
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            Assert.Throws<LedgerException>(ledger.CatchUpAll);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder[Victim]));
        using var audited = LedgerDatabase.OpenForAudit(Ledger);
        Assert.Contains(
            RecordChecks.Of(audited, RecordFiles.Of(Home), [], null),
            check =>
                check.Outcome == AuditOutcome.Fail
                && check.Reason.Contains("is not the ID of a run", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("cache/0123")]
    [InlineData("cache/0123/sub")]
    [InlineData("runs/0123456789/fine_tune")]
    [InlineData("imports/0123")]
    [InlineData("locks/ledger")]
    [InlineData("quarantine")]
    [InlineData("signatures")]
    public void A_link_at_any_depth_is_refused(string link)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"a/b/home/{link}"])!);
        File.Delete(_folder[$"a/b/home/{link}"]);
        File.CreateSymbolicLink(_folder[$"a/b/home/{link}"], _folder[Victim]);

        LedgerException e = Assert.Throws<LedgerException>(() => LedgerDatabase.Open(Ledger));

        Assert.Contains($"/{link} is a link", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder[Victim]));
    }

    [Fact]
    public void Quarantine_and_signatures_write_through_no_link()
    {
        Directory.CreateSymbolicLink(Home.Quarantine, _folder[Victim]);
        Directory.CreateSymbolicLink(Home.Signatures, _folder[Victim]);
        using var ledger = LedgerDatabase.OpenForReading(Ledger);
        var head = new KnownHead(null, ledger.Head().Id, ledger.Head().Records, ledger.Head().Head, "the ledger");

        Assert.Throws<IOException>(() => new Quarantine(Home.Quarantine).Add(_run));
        Assert.Throws<IOException>(() => HeadSignature.Sign(Home, head, [], "key"));

        Assert.Empty(Directory.GetFileSystemEntries(_folder[Victim]));
    }

    [Fact]
    public void The_search_for_space_writes_through_no_link()
    {
        File.WriteAllText(_folder["precious"], "precious");
        File.CreateSymbolicLink(Ledger + ".space", _folder["precious"]);

        Assert.Throws<LedgerException>(() =>
            SqliteFaults.Translated(Ledger, () => throw new SqliteException("cannot be opened", 14))
        );

        Assert.Equal("precious", File.ReadAllText(_folder["precious"]));
    }

    [Fact]
    public void A_signature_of_more_than_the_ledger_has_keeps_runs_from_beginning()
    {
        string id;
        using (var ledger = LedgerDatabase.OpenForReading(Ledger))
        {
            id = ledger.Head().Id!;
        }

        AtomicFile.Write(
            Path.Combine(Home.Signatures, "999.txt"),
            NoteStatement.Text(new KnownHead(null, id, 999, SyntheticRun.Hash(7), ""), [])
        );

        AssertRefused("the signed 999.txt pins a record that");
    }

    [Fact]
    public void A_run_folder_without_record_and_run_keeps_runs_from_beginning()
    {
        Directory.CreateDirectory(_folder["a/b/home/runs/0123456789/fine_tune"]);

        AssertRefused("runs/0123456789 belongs to no run of");
    }

    [Fact]
    public void A_line_that_is_no_record_does_not_hide_lost_records()
    {
        File.AppendAllText(Home.Run(_run).File("record.jsonl"), "garbage\n");

        AssertRefused($"runs/{_run}/record.jsonl ends with a line that is not a record");
    }

    [Theory]
    [InlineData(".ipynb_checkpoints")]
    [InlineData("backup")]
    [InlineData("a\\b")]
    public void Folders_of_other_programs_stop_no_run(string name)
    {
        Directory.CreateDirectory(_folder[$"a/b/home/runs/{name}"]);
        using var ledger = LedgerDatabase.Open(Ledger);

        ledger.Begin(SyntheticRun.New());
    }

    private void AssertRefused(string why)
    {
        using var ledger = LedgerDatabase.Open(Ledger);

        LedgerException e = Assert.Throws<LedgerException>(() => ledger.Begin(SyntheticRun.New()));

        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    private void Edit(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False");
        connection.Open();
        connection.Execute("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF");
        connection.Execute(sql);
    }
}
