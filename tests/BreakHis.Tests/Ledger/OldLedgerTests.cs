using System.Globalization;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Plans.Checks;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Reports;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Ledger;

/// <summary>
/// Ledgers of earlier versions. Files/schema-2 has the records of one, written by the tool of that version.
/// </summary>
public sealed class OldLedgerTests : IDisposable
{
    private const string Run = "8b8c038574";
    private const string Head = "4174403aa417eea51afa3e83241238f2475c40e9528fd49f98c96d5c7ded9656";

    private readonly TemporaryFolder _folder = new();

    private HomeFolder Home => new(_folder.Path);

    public OldLedgerTests()
    {
        string files = SharedFolder.InRepository("tests/BreakHis.Tests/Ledger/Files/schema-2/runs");
        foreach (string file in Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Home.Runs, Path.GetRelativePath(files, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [Fact]
    public void A_ledger_of_schema_2_is_migrated_and_its_chain_still_verifies()
    {
        MakeLedger(schema: 2);
        string records = Records();
        LedgerException e = Assert.Throws<LedgerException>(() => LedgerDatabase.OpenForReading(Home.Ledger));
        Assert.Equal(LedgerFault.Older, e.Fault);

        using var ledger = LedgerDatabase.Open(Home.Ledger);

        Assert.Equal(Migrations.Latest, ledger.Connection.Scalar<long>("PRAGMA user_version"));
        Assert.Equal((19, Head), (ledger.Head().Records, ledger.Head().Head));
        Assert.Equal(records, Records());
        Verifies(ledger);
        string next = new ConsistentRun(seed: 2).Write(ledger);
        Verifies(ledger, next);
        Assert.Equal(SyntheticRun.SplitChecks, ledger.Load(next).SplitChecks);
    }

    [Fact]
    public void Records_of_schema_2_are_rebuilt_to_the_last_byte()
    {
        string records = Records();

        LedgerRebuild.Make(Home, null, SyntheticRun.Start);

        using var ledger = LedgerDatabase.Open(Home.Ledger);
        Assert.Equal(records, Records());
        Assert.Equal((19, Head), (ledger.Head().Records, ledger.Head().Head));
        Assert.Equal(0, ledger.Connection.Scalar<long>("SELECT count(*) FROM split_checks"));
        Verifies(ledger);
    }

    [Fact]
    public void Records_of_schema_2_are_imported()
    {
        using var elsewhere = new TemporaryFolder();
        using var ledger = LedgerDatabase.Open(elsewhere["ledger.db"]);

        ImportedRuns imported = LedgerImport.From(ledger, Home.Path, SyntheticRun.Start);

        Assert.Equal([Run], imported.Added);
        Assert.Equal(6, ledger.Load(Run).SplitChecks.Count);
        Verifies(ledger);
    }

    [Fact]
    public void Checks_stored_as_provenance_are_read_as_checks()
    {
        RecordedRun run = Loaded();

        Assert.Equal(
            [
                ("files", LeakVerdict.Clean),
                ("labels", LeakVerdict.Clean),
                ("near_duplicates", LeakVerdict.NotChecked),
                ("patients", LeakVerdict.Leak),
                ("pixels", LeakVerdict.Leak),
                ("roots", LeakVerdict.Doubt),
            ],
            run.SplitChecks.Select(check => (check.Name, check.Verdict))
        );
        Assert.Equal("no slide stands under two subtypes", run.SplitChecks[1].Text);
        Assert.EndsWith("split by: root keeps them together", run.SplitChecks[5].Text, StringComparison.Ordinal);
        Assert.Equal(
            ["git.commit", "git.patch", "machine.os", "tool.version"],
            run.Provenance.Select(entry => entry.Name)
        );
    }

    [Theory]
    [InlineData("split.files", "clean")]
    [InlineData("split.files", "spotless: no file")]
    [InlineData("split.files", "not_checked: not looked at")]
    [InlineData("splits.files", "clean: no file")]
    public void Other_entries_stay_in_the_provenance(string name, string value) =>
        Assert.Null(OldSplitChecks.Of(new(name, value)));

    /// <summary>Looks only at the notices, because the checks are in the provenance table too.</summary>
    [Fact]
    public void A_report_has_the_notices_of_an_old_run()
    {
        IReadOnlyList<string> notices = [.. Page.Of(Loaded()).All(".masthead .notice").Select(Page.Plain)];

        Assert.Single(
            notices,
            notice => notice.StartsWith("Leak: 1 of the validation images", StringComparison.Ordinal)
        );
        string doubt = Assert.Single(
            notices,
            notice => notice.StartsWith("Split in doubt: ", StringComparison.Ordinal)
        );
        Assert.Contains("14-1A and 14-1B", doubt, StringComparison.Ordinal);
        Assert.DoesNotContain(notices, notice => notice.StartsWith("Split checked", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private RecordedRun Loaded()
    {
        MakeLedger(schema: 2);
        using var ledger = LedgerDatabase.Open(Home.Ledger);
        return ledger.Load(Run);
    }

    /// <summary>Creates a ledger as the tool with that schema wrote it.</summary>
    private void MakeLedger(int schema)
    {
        using var connection = new SqliteConnection($"Data Source={Home.Ledger};Pooling=False");
        connection.Open();
        foreach (int version in Enumerable.Range(1, schema))
        {
            connection.Execute(Migrations.Script(version));
        }

        connection.Execute(
            string.Create(
                CultureInfo.InvariantCulture,
                $"PRAGMA application_id = {Migrations.ApplicationId}; PRAGMA user_version = {schema}"
            )
        );
        using SqliteTransaction transaction = connection.BeginTransaction();
        connection.Execute("PRAGMA defer_foreign_keys = ON");
        foreach (SourceRecord record in RecordSource.InOrder(RecordSource.In(Home.Path), (_, _) => { }))
        {
            string marks = record.Content().Insert(connection);
            RecordChain.Write(
                connection,
                new RecordEntry(record.Number, record.Run, record.Record, record.Kind, record.Hash, record.Head, marks)
            );
        }

        transaction.Commit();
    }

    private string Records() =>
        File.ReadAllText(Home.LedgerRecords) + File.ReadAllText(Home.Run(Run).File(RunFolder.Records));

    private static void Verifies(LedgerDatabase ledger, params IEnumerable<string> runs) =>
        Assert.All(
            RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), [], [Run, .. runs]),
            check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}")
        );
}
