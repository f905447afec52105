using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger.Import;

public sealed class RebuildTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string[] _runs;

    public RebuildTests()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");

        // Two concurrent runs, so that their records alternate.
        _runs = [ledger.Begin(SyntheticRun.New()), new ConsistentRun().Write(ledger)];
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("seed", "7"));
        foreach (RunEvent e in SyntheticRun.Events)
        {
            ledger.Record(_runs[0], e, SyntheticRun.Start);
        }

        ledger.Note(_runs[1], "reran", SyntheticRun.Start, ("outcome", "same"));
    }

    private string Ledger => _folder["ledger.db"];

    private HomeFolder Home => new(_folder.Path);

    [Fact]
    public void The_rebuilt_ledger_equals_the_old_one()
    {
        string before = Dump.Of(Ledger);

        RebuiltLedger made = LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(before, Dump.Of(Ledger));
        Assert.Equal(before, Dump.Of(made.KeptAside!));
        Assert.Equal((2, Ledger), (made.Runs, made.Path));
        Assert.Empty(made.Missing);
        Assert.Equal(
            ["ledger.20260301T100000Z.db", "ledger.db", "locks", "runs"],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        using var ledger = LedgerDatabase.Open(Ledger);
        ledger.Resume(_runs[0], RunProcess.Current, SyntheticRun.Start);
        Assert.Equal(made.Head.Records + 1, ledger.Head().Records);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("damaged")]
    [InlineData("junk")]
    [InlineData("ALTER TABLE records RENAME TO mine; CREATE VIEW records AS SELECT * FROM mine")]
    public void An_unusable_ledger_is_rebuilt(string how)
    {
        string before = Dump.Of(Ledger);
        byte[] bytes = File.ReadAllBytes(Ledger);
        if (how == "gone")
        {
            File.Delete(Ledger);
        }
        else if (how.StartsWith("ALTER", StringComparison.Ordinal))
        {
            using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False"))
            {
                connection.Open();
                connection.Execute(how);
            }

            bytes = File.ReadAllBytes(Ledger);
        }
        else
        {
            bytes.AsSpan(how == "junk" ? 0 : 3000).Fill(0x77);
            File.WriteAllBytes(Ledger, bytes);
        }

        RebuiltLedger made = LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(before, Dump.Of(Ledger));
        Assert.Equal(how != "gone", made.KeptAside is not null);
        if (made.KeptAside is not null)
        {
            Assert.Equal(bytes, File.ReadAllBytes(made.KeptAside));
        }
    }

    /// <summary>SQLite would take the log for that of the rebuilt ledger.</summary>
    [Fact]
    public void A_log_without_its_ledger_is_set_aside()
    {
        string before = Dump.Of(Ledger);
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            ledger.Connection.Execute("UPDATE runs SET name = 'evil'");
            File.Copy(Ledger + "-wal", _folder["log"]);
        }

        File.Delete(Ledger);
        File.Move(_folder["log"], Ledger + "-wal");
        string message = Assert.Throws<LedgerException>(() => LedgerDatabase.Open(Ledger)).Message;
        RebuiltLedger made = LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Contains("its log", message, StringComparison.Ordinal);
        Assert.Equal(before, Dump.Of(Ledger));
        Assert.True(File.Exists(made.KeptAside + "-wal"));
        Assert.Throws<LedgerException>(() =>
            LedgerRebuild.Make(Home, Path.ChangeExtension(made.KeptAside, "db"), SyntheticRun.Start)
        );
    }

    [Fact]
    public void What_a_killed_rebuild_left_is_deleted_and_two_in_one_second_keep_both_ledgers()
    {
        File.WriteAllText($"{Ledger}.{Guid.NewGuid():N}.tmp", "");
        File.WriteAllText($"{Ledger}.{Guid.NewGuid():N}.tmp-wal", "");
        File.WriteAllText(Ledger + ".mine.tmp", "");

        LedgerRebuild.Make(Home, null, SyntheticRun.Start);
        LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(
            [
                "ledger.20260301T100000Z-2.db",
                "ledger.20260301T100000Z.db",
                "ledger.db",
                "ledger.db.mine.tmp",
                "locks",
                "runs",
            ],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_missing_ledger_with_record_files_is_not_replaced_by_an_empty_one()
    {
        string before = Dump.Of(Ledger);
        File.Delete(Ledger);
        LedgerException missing = Assert.Throws<LedgerException>(() => LedgerDatabase.Open(Ledger));
        Assert.Contains("ledger rebuild", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Ledger));
        using (var ledger = LedgerDatabase.Open(Ledger, LedgerDatabase.Patience))
        {
            LedgerException e = Assert.Throws<LedgerException>(() => ledger.Begin(SyntheticRun.New()));
            Assert.Contains("ledger rebuild", e.Message, StringComparison.Ordinal);
            Assert.Throws<LedgerException>(() => ledger.Note(LedgerNote.Ledger, "noted", SyntheticRun.Start));
            Assert.Throws<LedgerException>(() => LedgerImport.From(ledger, _folder.Path, SyntheticRun.Start));
        }

        LedgerRebuild.Make(Home, null, SyntheticRun.Start);
        Assert.Equal(before, Dump.Of(Ledger));
    }

    [Fact]
    public void Truncated_or_edited_rows_are_restored()
    {
        string before = Dump.Of(Ledger);
        using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False;Foreign Keys=False"))
        {
            connection.Open();
            connection.Execute("UPDATE epochs SET seconds = 77");
            long records = connection.Scalar<long>("SELECT count(*) FROM records");
            connection.Execute("DELETE FROM records WHERE number > 20");
            Assert.InRange(connection.Scalar<long>("SELECT count(*) FROM records"), 1, records - 1);
        }

        Assert.NotEqual(before, Dump.Of(Ledger));

        LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(before, Dump.Of(Ledger));
    }

    [Fact]
    public void A_ledger_without_its_records_is_rebuilt()
    {
        string before = Dump.Of(Ledger);
        using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False;Foreign Keys=False"))
        {
            connection.Open();
            connection.Execute("DROP TABLE records");
        }

        Assert.NotNull(LedgerRebuild.Make(Home, null, SyntheticRun.Start).KeptAside);

        Assert.Equal(before, Dump.Of(Ledger));
    }

    [Fact]
    public void Lines_missing_after_a_kill_are_written_first()
    {
        string before = Dump.Of(Ledger);
        string file = RecordFile.PathOf(Home, _runs[1]);
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^100]);

        LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(before, Dump.Of(Ledger));
        Assert.Equal(bytes, File.ReadAllBytes(file));
    }

    [Fact]
    public void A_missing_run_folder_leaves_visible_gaps()
    {
        LedgerHead head;
        using (var ledger = LedgerDatabase.OpenForReading(Ledger))
        {
            head = ledger.Head();
        }

        File.Delete(Ledger);
        Directory.Delete(Home.Run(_runs[0]).Path, recursive: true);
        Directory.CreateDirectory(Home.Signatures);
        File.WriteAllText(
            Path.Combine(Home.Signatures, "2.txt"),
            KnownHead.Of(head with { Records = 2 }, "").Statement
        );
        File.WriteAllText(Path.Combine(Home.Signatures, "last.txt"), KnownHead.Of(head, "").Statement);
        var lost = new KnownHead(_runs[0], null, 1, new string('a', 64), "");
        File.WriteAllText(
            Path.Combine(Home.Signatures, "run.txt"),
            $"{KnownHead.Of(head, "").Statement}\n{lost.Statement}\n"
        );

        RebuiltLedger made = LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        Assert.Equal(1, made.Runs);
        Assert.Equal(head, made.Head);
        Assert.Equal("record number 2 is in no record file", made.Missing[0]);
        Assert.Equal(
            ((string[])["2.txt", "run.txt"]).Select(file =>
                $"the signed {file} pins a record that the rebuilt ledger does not have"
            ),
            made.Missing.SkipLast(1).TakeLast(2)
        );
        Assert.StartsWith(
            "the missing records may have said that runs were imported",
            made.Missing[^1],
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(made.Missing, line => line.Contains("last.txt", StringComparison.Ordinal));
        using var rebuilt = LedgerDatabase.OpenForReading(Ledger);
        Assert.False(rebuilt.IsOwn);
        Assert.Equal(rebuilt.Connection.Scalar<long>("SELECT count(*) FROM records"), made.Records);
        IReadOnlyList<AuditEntry> checks = RecordChecks.Of(
            rebuilt,
            RecordFiles.Of(rebuilt.Home),
            [KnownHead.Of(head, "a report")],
            null
        );
        Assert.Contains(
            checks,
            check =>
                check is { Name: "ledger chain", Outcome: AuditOutcome.Fail }
                && check.Reason.Contains("number 2 is missing", StringComparison.Ordinal)
        );
        Assert.Contains(checks, check => check is { Name: "known heads", Outcome: AuditOutcome.Pass });
        Assert.Contains(checks, check => check.Run == _runs[1]);
        Assert.All(checks.Where(check => check.Run is not null), c => Assert.Equal(AuditOutcome.Pass, c.Outcome));
    }

    [Fact]
    public void A_ledger_with_more_than_the_record_files_is_not_modified()
    {
        string file = RecordFile.PathOf(Home, _runs[1]);
        string[] lines = File.ReadAllLines(file);
        File.WriteAllLines(file, [.. lines[..^1], "{\"hash\":\"edited\"}"]);
        string before = Dump.Of(Ledger);
        Assert.Throws<LedgerException>(() => LedgerRebuild.Make(Home, null, SyntheticRun.Start));
        Assert.Equal(before, Dump.Of(Ledger));

        File.WriteAllLines(file, lines[..^1]);
        using (var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False"))
        {
            // Prevents the missing last line from being written first.
            connection.Open();
            connection.Execute($"UPDATE notes SET value = 'other' WHERE run_id = '{_runs[1]}'");
        }

        before = Dump.Of(Ledger);
        LedgerException e = Assert.Throws<LedgerException>(() => LedgerRebuild.Make(Home, null, SyntheticRun.Start));

        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Contains("--to", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, Dump.Of(Ledger));
        Assert.Equal(
            ["ledger.db", "locks", "runs"],
            Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_ledger_in_use_is_not_modified()
    {
        using var other = LedgerDatabase.Open(Ledger);
        other.List(new RunFilter());
        LedgerException e = Assert.Throws<LedgerException>(() => LedgerRebuild.Make(Home, null, SyntheticRun.Start));
        Assert.Equal(LedgerFault.Locked, e.Fault);
    }

    /// <summary>Otherwise the process would go on with the ledger that was set aside.</summary>
    [Fact]
    public async Task A_process_that_opens_a_ledger_waits_until_it_is_replaced()
    {
        Task<LedgerDatabase> opening;
        using (FileLock.TryTake(Home.LedgerLock)!)
        {
            opening = Task.Run(() => LedgerDatabase.Open(Ledger), TestContext.Current.CancellationToken);
            Assert.NotSame(
                opening,
                await Task.WhenAny(opening, Task.Delay(300, TestContext.Current.CancellationToken))
            );
        }

        using LedgerDatabase opened = await opening;
        Assert.Equal(2, opened.List(new RunFilter()).Runs.Count);
    }

    [Fact]
    public void A_ledger_that_is_deleted_during_a_run_ends_it_and_can_be_rebuilt()
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            string id = ledger.Begin(SyntheticRun.New());
            File.Delete(Ledger);

            LedgerException e = Assert.Throws<LedgerException>(() =>
                ledger.Record(id, SyntheticRun.Events[0], SyntheticRun.Start)
            );

            Assert.Equal(LedgerFault.Missing, e.Fault);
            Assert.Contains("was deleted or replaced while it was open", e.Message, StringComparison.Ordinal);
            Assert.Throws<LedgerException>(() => ledger.Finish(id, RunState.Finished, null, SyntheticRun.Start));
        }

        Assert.Equal(3, LedgerRebuild.Make(Home, null, SyntheticRun.Start).Runs);
    }

    [Fact]
    public void A_ledger_can_be_rebuilt_at_another_path()
    {
        string before = Dump.Of(Ledger);
        LedgerRebuild.Make(Home, _folder["copy.db"], SyntheticRun.Start);
        Assert.Equal(before, Dump.Of(_folder["copy.db"]));
        Assert.Throws<LedgerException>(() => LedgerRebuild.Make(Home, _folder["copy.db"], SyntheticRun.Start));
    }

    [Fact]
    public void Without_record_files_a_rebuild_is_an_error()
    {
        using var empty = new TemporaryFolder();
        LedgerException e = Assert.Throws<LedgerException>(() =>
            LedgerRebuild.Make(new HomeFolder(empty.Path), null, SyntheticRun.Start)
        );
        Assert.Equal(LedgerFault.Missing, e.Fault);
    }

    public void Dispose() => _folder.Dispose();
}
