using System.Diagnostics;
using System.Security.Cryptography;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class OpeningTests : IDisposable
{
    /// <summary>SQLite does not let a trigger have such a name, but a program can write the schema itself.</summary>
    internal const string HiddenTrigger =
        "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_better', 'stage_ends', 0, "
        + "'CREATE TRIGGER sqlite_better AFTER INSERT ON stage_ends BEGIN UPDATE stage_ends SET accuracy = 1; END')";

    private readonly TemporaryFolder _folder = new();

    private string Ledger => _folder["ledger.db"];

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(10_000)]
    public void A_file_that_is_not_a_database_is_not_modified(int length)
    {
        File.WriteAllBytes(Ledger, [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))]);
        Refused(LedgerFault.NotALedger, () => LedgerDatabase.Open(Ledger));
        Refused(LedgerFault.NotALedger, () => LedgerDatabase.OpenForReading(Ledger));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty file")]
    [InlineData("no records")]
    public void A_lost_ledger_is_not_taken_for_one_that_has_not_begun(string left)
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        File.Delete(Ledger);
        if (left == "empty file")
        {
            File.WriteAllBytes(Ledger, []);
        }
        else if (left == "no records")
        {
            LedgerDatabase.Open(Ledger, TimeSpan.FromSeconds(1)).Dispose();
        }

        Assert.Equal(LedgerFault.Refused, Fault(() => LedgerDatabase.OpenForReading(Ledger)));
        Assert.Equal(
            LedgerFault.Refused,
            Fault(() =>
            {
                using var ledger = LedgerDatabase.Open(Ledger);
                ledger.Begin(SyntheticRun.New());
            })
        );
        Assert.Equal(left != "missing", File.Exists(Ledger));

        static LedgerFault Fault(Action open) => Assert.Throws<LedgerException>(open).Fault;
    }

    [Fact]
    public void Another_programs_database_is_not_modified()
    {
        Sqlite("CREATE TABLE photographs (id INTEGER)");
        Refused(LedgerFault.NotALedger, () => LedgerDatabase.Open(Ledger));
        Refused(LedgerFault.NotALedger, () => LedgerDatabase.OpenForReading(Ledger));
    }

    [Fact]
    public void A_newer_ledger_is_not_modified()
    {
        LedgerDatabase.Open(Ledger).Dispose();
        Sqlite("PRAGMA user_version = 999");
        Refused(LedgerFault.Newer, () => LedgerDatabase.Open(Ledger));
        Refused(LedgerFault.Newer, () => LedgerDatabase.OpenForReading(Ledger));
    }

    [Fact]
    public void A_damaged_ledger_is_reported()
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        byte[] bytes = File.ReadAllBytes(Ledger);
        RandomNumberGenerator.Fill(bytes.AsSpan(200));
        File.WriteAllBytes(Ledger, bytes);
        Refused(LedgerFault.Damaged, () => LedgerDatabase.OpenForReading(Ledger).List(new RunFilter()));
        Refused(LedgerFault.Damaged, () => LedgerDatabase.Open(Ledger).List(new RunFilter()));
    }

    [Fact]
    public void Reading_creates_no_files()
    {
        LedgerException e = Assert.Throws<LedgerException>(() => LedgerDatabase.OpenForReading(Ledger));
        Assert.Equal(LedgerFault.Missing, e.Fault);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Reading_leaves_no_files_behind()
    {
        LedgerDatabase.Open(Ledger).Dispose();
        string[] before = Directory.GetFileSystemEntries(_folder.Path);
        using (var reading = LedgerDatabase.OpenForReading(Ledger))
        {
            Assert.Empty(reading.List(new RunFilter()).Runs);
        }

        Assert.Equal(
            before.Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact(SkipUnless = nameof(PermissionsCount), Skip = "needs file permissions, which root ignores")]
    public void A_ledger_in_a_read_only_folder_is_read()
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        using var fixedFolder = new UnwritableFolder(_folder.Path);
        using (var reading = LedgerDatabase.OpenForReading(Ledger))
        {
            Assert.Single(reading.List(new RunFilter()).Runs);
        }

        Refused(LedgerFault.Denied, () => LedgerDatabase.Open(Ledger));
    }

    [Fact(SkipUnless = nameof(PermissionsCount), Skip = "needs file permissions, which root ignores")]
    public void A_ledger_is_read_while_another_connection_is_open()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        string id = SyntheticRun.Complete(writing, SyntheticRun.New());
        using var fixedFolder = new UnwritableFolder(_folder.Path);
        using var reading = LedgerDatabase.OpenForReading(Ledger);
        Assert.Equal(id, reading.ResolveRun("@1"));
    }

    [Fact(SkipUnless = nameof(PermissionsCount), Skip = "needs file permissions, which root ignores")]
    public void A_ledger_with_a_log_in_a_read_only_folder_is_read_from_a_copy()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        string id = SyntheticRun.Complete(writing, SyntheticRun.New());
        using var other = new TemporaryFolder();
        string copy = CopyWithLog(other);
        using var fixedFolder = new UnwritableFolder(other.Path);

        using var reading = LedgerDatabase.OpenForReading(copy);

        Assert.Equal(id, reading.ResolveRun("@1"));
    }

    [Fact]
    public void An_audit_changes_no_byte_of_a_ledger_and_its_log()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        string id = SyntheticRun.Complete(writing, SyntheticRun.New());
        using var other = new TemporaryFolder();
        string copy = CopyWithLog(other);
        (string, string)[] Files() =>
            [
                .. Directory
                    .EnumerateFileSystemEntries(other.Path)
                    .Order(StringComparer.Ordinal)
                    .Select(file => (file, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))))),
            ];
        (string, string)[] before = Files();

        using (var audited = LedgerDatabase.OpenForAudit(copy))
        {
            Assert.Equal(id, audited.ResolveRun("@1"));
            Assert.Throws<SqliteException>(() => audited.Connection.Execute("DELETE FROM runs"));
        }

        Assert.Equal(before, Files());
    }

    /// <summary>SQLite's log is beside the file itself.</summary>
    [Fact]
    public void An_audit_reads_the_log_of_a_linked_ledger()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        string id = SyntheticRun.Complete(writing, SyntheticRun.New());
        using var other = new TemporaryFolder();
        using var links = new TemporaryFolder();
        File.CreateSymbolicLink(links["ledger.db"], CopyWithLog(other));

        using var audited = LedgerDatabase.OpenForAudit(links["ledger.db"]);

        Assert.Equal(id, audited.ResolveRun("@1"));
    }

    /// <summary>They say which runs were imported.</summary>
    [Fact]
    public void A_ledger_whose_own_records_were_edited_is_not_ones_own()
    {
        string id;
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            id = SyntheticRun.Complete(ledger, SyntheticRun.New());
            ledger.Note(LedgerNote.Ledger, ImportNote.Kind, SyntheticRun.Start, (ImportNote.RunLines, $"{id} 1 0"));
            Assert.False(ledger.IsMadeHere(id));
        }

        Sqlite("UPDATE notes SET value = '' WHERE name = 'runs'");

        using var edited = LedgerDatabase.OpenForReading(Ledger);
        Assert.False(edited.IsMadeHere(id));
    }

    [Fact]
    public void A_run_without_a_state_is_malformed_and_not_unknown()
    {
        string id;
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            id = SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        Sqlite("PRAGMA foreign_keys = OFF; DELETE FROM run_states");

        using var reading = LedgerDatabase.OpenForReading(Ledger);
        Assert.Equal(LedgerFault.Malformed, Assert.Throws<LedgerException>(() => reading.Load(id)).Fault);
        Assert.Equal(id, Assert.Single(reading.List(new RunFilter()).Malformed).Id);
    }

    /// <summary>As on another account's machine, while a run computes.</summary>
    [Fact]
    public async Task An_audit_sees_one_state_of_a_ledger_that_is_being_written_to()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        SyntheticRun.Complete(writing, SyntheticRun.New());
        using var done = new ManualResetEventSlim();
        var work = Task.Run(
            () =>
            {
                while (!done.IsSet)
                {
                    SyntheticRun.Complete(writing, SyntheticRun.New());
                    Thread.Sleep(20);
                }
            },
            TestContext.Current.CancellationToken
        );

        for (int i = 0; i < 5; i++)
        {
            var files = RecordFiles.Of(writing.Home);
            using var audited = LedgerDatabase.OpenForAudit(Ledger);
            Assert.All(
                RecordChecks
                    .Of(audited, files, [], null)
                    .Where(check => check.Name is "ledger chain" or "chain" or "record file" or "run folders"),
                check => Assert.NotEqual(AuditOutcome.Fail, check.Outcome)
            );
        }

        done.Set();
        await work;
    }

    private string CopyWithLog(TemporaryFolder other)
    {
        string copy = other["ledger.db"];
        File.Copy(Ledger, copy);
        File.Copy(Ledger + "-wal", copy + "-wal");
        return copy;
    }

    [Fact]
    public void An_empty_file_is_not_yet_a_ledger()
    {
        File.WriteAllBytes(Ledger, []);
        Refused(LedgerFault.Missing, () => LedgerDatabase.OpenForReading(Ledger));
        using var ledger = LedgerDatabase.Open(Ledger);
        Assert.Empty(ledger.List(new RunFilter()).Runs);
    }

    [Fact]
    public void A_folder_is_not_a_ledger()
    {
        Directory.CreateDirectory(Ledger);
        Assert.Throws<LedgerException>(() => LedgerDatabase.Open(Ledger));
        Assert.Throws<LedgerException>(() => LedgerDatabase.OpenForReading(Ledger));
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<LedgerException>(() => LedgerDatabase.Open(_folder["file/ledger.db"]));
    }

    [Fact]
    public void Unusual_file_names_are_supported()
    {
        string odd = _folder["a b?mode=memory#%41;Mode=Memory/größe.db"];
        using (var ledger = LedgerDatabase.Open(odd))
        {
            SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        using var reading = LedgerDatabase.OpenForReading(odd);
        Assert.Single(reading.List(new RunFilter()).Runs);
        Assert.Equal(Path.GetFullPath(odd), reading.Path);
    }

    [Fact]
    public void A_ledger_opened_for_reading_cannot_be_written()
    {
        LedgerDatabase.Open(Ledger).Dispose();
        using var reading = LedgerDatabase.OpenForReading(Ledger);
        LedgerException e = Assert.Throws<LedgerException>(() => reading.Begin(SyntheticRun.New()));
        Assert.Equal(LedgerFault.Denied, e.Fault);
    }

    [Fact]
    public void A_ledger_is_read_while_it_is_being_written()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        using var reading = LedgerDatabase.OpenForReading(Ledger);
        string id = writing.Begin(SyntheticRun.New());
        using (writing.Connection.BeginTransaction())
        {
            writing.Connection.Execute("UPDATE run_states SET at = '2030-01-01T00:00:00Z'");
            writing.Connection.Execute("UPDATE runs SET name = 'half written'");
            Assert.Equal("synthetic", Assert.Single(reading.List(new RunFilter()).Runs).Name);
        }

        string other = writing.Begin(SyntheticRun.New(start: SyntheticRun.Start.AddMinutes(1)));
        Assert.Equal([other, id], reading.List(new RunFilter()).Runs.Select(run => run.Id));
    }

    /// <summary>A trigger could make every later run 100 %.</summary>
    [Theory]
    [InlineData("CREATE TRIGGER better AFTER INSERT ON stage_ends BEGIN SELECT 1; END", "trigger better")]
    [InlineData(HiddenTrigger, "trigger sqlite_better")]
    public void A_ledger_with_a_trigger_is_not_written_to(string sql, string named)
    {
        Change(sql);

        LedgerException e = Assert.Throws<LedgerException>(() => LedgerDatabase.Open(Ledger));

        Assert.Equal(LedgerFault.Changed, e.Fault);
        Assert.Contains(
            $"{Ledger} was changed by another program: the {named} does",
            e.Message,
            StringComparison.Ordinal
        );
        using var reading = LedgerDatabase.OpenForReading(Ledger);
        Assert.Empty(reading.List(new RunFilter()).Runs);
    }

    [Fact]
    public void A_ledger_with_another_view_is_not_read()
    {
        Change("DROP VIEW run_summary; CREATE VIEW run_summary AS SELECT 1 AS accuracy");

        Refused(LedgerFault.Changed, () => LedgerDatabase.Open(Ledger));
        Refused(LedgerFault.Changed, () => LedgerDatabase.OpenForReading(Ledger));
        using var reading = LedgerDatabase.OpenForAudit(Ledger);
        Assert.Empty(reading.List(new RunFilter()).Runs);
    }

    /// <summary>Such a view could be without an end.</summary>
    [Fact]
    public void A_view_in_the_place_of_a_table_is_not_read()
    {
        Change(
            "ALTER TABLE records RENAME TO mine; CREATE VIEW records AS SELECT 1 AS number, 'ledger' AS run_id, 0 AS record, 'k' AS kind, 'h' AS hash, 'h' AS head, '{}' AS marks"
        );

        Action[] openings =
        [
            () => LedgerDatabase.Open(Ledger),
            () => LedgerDatabase.Open(Ledger, TimeSpan.FromSeconds(1), anySchema: true),
            () => LedgerDatabase.OpenForReading(Ledger),
            () => LedgerDatabase.OpenForAudit(Ledger),
        ];
        Assert.All(openings, open => Refused(LedgerFault.Changed, open));
    }

    private void Change(string sql)
    {
        LedgerDatabase.Open(Ledger).Dispose();
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>Otherwise the next run would take the numbers of records that only their files still have.</summary>
    [Fact]
    public void An_older_copy_of_a_ledger_is_not_written_to_and_can_be_repaired()
    {
        string first;
        string second;
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            first = SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        File.Copy(Ledger, _folder["older.db"]);
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            second = SyntheticRun.Complete(ledger, SyntheticRun.New());
        }

        File.Move(_folder["older.db"], Ledger, overwrite: true);
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            LedgerException e = Assert.Throws<LedgerException>(() => ledger.Begin(SyntheticRun.New()));
            Assert.Contains(
                $"{second}/record.jsonl has records that {Ledger} does not have",
                e.Message,
                StringComparison.Ordinal
            );
            Assert.Contains("ledger rebuild", e.Message, StringComparison.Ordinal);
        }

        RebuiltLedger made = LedgerRebuild.Make(new HomeFolder(_folder.Path), null, SyntheticRun.Start);
        Assert.Equal([second], made.Added);
        using var repaired = LedgerDatabase.Open(Ledger);
        string third = repaired.Begin(SyntheticRun.New());
        Assert.Equal(
            new[] { first, second, third }.Order(StringComparer.Ordinal),
            repaired.List(new RunFilter()).Runs.Select(run => run.Id).Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A lock file keeps them apart first, but not every file system has locks.</summary>
    [Fact]
    public void Two_processes_of_a_machine_cannot_compute_one_plan()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        using var other = Process.Start("sleep", "600");
        NewRun run = SyntheticRun.New();
        string theirs = ledger.Begin(run with { Process = RunProcess.Of(other.Id)! });

        LedgerException begun = Assert.Throws<LedgerException>(() =>
            ledger.Begin(run with { Process = RunProcess.Current })
        );
        LedgerException resumed = Assert.Throws<LedgerException>(() =>
            ledger.Resume(theirs, RunProcess.Current, SyntheticRun.Start)
        );

        Assert.Equal((LedgerFault.Locked, LedgerFault.Locked), (begun.Fault, resumed.Fault));
        Assert.Contains($"computes run {theirs} of this plan", begun.Message, StringComparison.Ordinal);
        // Somebody else's run of the plan, which says that it runs here, keeps nobody waiting.
        using (var folder = new TemporaryFolder())
        using (var mine = LedgerDatabase.Open(folder["ledger.db"]))
        {
            LedgerImport.From(mine, Path.GetDirectoryName(Ledger)!, SyntheticRun.Start);
            Assert.NotEqual(theirs, mine.Begin(run with { Process = RunProcess.Current }));
        }

        other.Kill();
        other.WaitForExit();
        ledger.Resume(theirs, RunProcess.Current, SyntheticRun.Start);
    }

    [Fact]
    public void A_persistent_lock_is_reported()
    {
        using var other = LedgerDatabase.Open(Ledger);
        using SqliteTransaction transaction = other.Connection.BeginTransaction();
        using var ledger = LedgerDatabase.Open(Ledger, TimeSpan.FromSeconds(1));
        LedgerException e = Assert.Throws<LedgerException>(() => ledger.Begin(SyntheticRun.New()));
        Assert.Equal(LedgerFault.Locked, e.Fault);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_full_disk_leaves_earlier_runs_intact()
    {
        using var ledger = LedgerDatabase.Open(Ledger);
        string id = SyntheticRun.Complete(ledger, SyntheticRun.New());
        long pages = ledger.Connection.Scalar<long>("PRAGMA page_count");
        ledger.Connection.Execute($"PRAGMA max_page_count = {pages}");
        ProvenanceEntry large = new("git.patch", new string('x', 1 << 20));

        LedgerException e = Assert.Throws<LedgerException>(() =>
            ledger.Begin(SyntheticRun.New() with { Provenance = [large] })
        );

        Assert.Equal(LedgerFault.DiskFull, e.Fault);
        Assert.Equal(id, Assert.Single(ledger.List(new RunFilter()).Runs).Id);
    }

    [Fact]
    public void A_thousand_runs_are_listed()
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            ledger.Connection.Execute("PRAGMA synchronous = OFF");
            for (int i = 0; i < 1000; i++)
            {
                string id = ledger.Begin(SyntheticRun.New(start: SyntheticRun.Start.AddMinutes(i)));
                ledger.Record(id, new StageStarted("bottleneck"), SyntheticRun.Start);
                ledger.Record(id, SyntheticRun.Events.OfType<StageEnded>().First(), SyntheticRun.Start);
            }
        }

        var watch = Stopwatch.StartNew();
        using var reading = LedgerDatabase.OpenForReading(Ledger);
        IReadOnlyList<RunSummary> runs = reading.List(new RunFilter()).Runs;

        Assert.Equal(1000, runs.Count);
        TestContext.Current.SendDiagnosticMessage($"opening and listing took {watch.Elapsed}");
    }

    public static bool PermissionsCount => !OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess;

    public void Dispose() => _folder.Dispose();

    private void Refused(LedgerFault fault, Action open)
    {
        string before = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Ledger)));
        LedgerException e = Assert.Throws<LedgerException>(open);
        Assert.Equal(fault, e.Fault);
        Assert.Contains(Ledger, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(before, Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Ledger))));
    }

    private void Sqlite(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }

    /// <summary>Removes write permission from a folder and its files, and restores it.</summary>
    private sealed class UnwritableFolder : IDisposable
    {
        private readonly string _path;

        public UnwritableFolder(string path)
        {
            this._path = path;
            Set(UnixFileMode.None);
        }

        public void Dispose() => Set(UnixFileMode.UserWrite);

        private void Set(UnixFileMode write)
        {
            if (!OperatingSystem.IsWindows())
            {
                foreach (string file in Directory.GetFiles(_path))
                {
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | write);
                }

                File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserExecute | write);
            }
        }
    }
}
