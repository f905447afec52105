using System.Text.RegularExpressions;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Tests.Audit.Record;

/// <summary>Every manual change to the ledger is found and located.</summary>
public sealed class RecordChecksTests : IDisposable
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly string _run;
    private readonly string _other;
    private readonly byte[] _untouched;

    public RecordChecksTests()
    {
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            ledger.Connection.Execute("PRAGMA synchronous = OFF");
            _run = new ConsistentRun().Write(ledger);
            ledger.Note(_run, "reran", SyntheticRun.Start, ("outcome", "same"));
            _other = ledger.Begin(SyntheticRun.New());
            ledger.Record(_other, new StageStarted("bottleneck"), SyntheticRun.Start);
            ledger.Finish(_other, RunState.Failed, "why", SyntheticRun.Start);
            ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("seed", "7"));
        }

        _untouched = File.ReadAllBytes(Ledger);
    }

    private string Ledger => _folder["ledger.db"];

    private void EditTheHashOfTheSecondRecord()
    {
        ForgetRunFolders(true);
        Tamper($"UPDATE records SET hash = '{SyntheticRun.Hash(5)}' WHERE run_id = '{_run}' AND record = 2");
    }

    private string[] FailedChain() =>
        [
            .. Audit(runs: [_run])
                .Where(check => check is { Outcome: AuditOutcome.Fail, Name: "chain" })
                .SelectMany(check => check.Reason.Split("; ")),
        ];

    [Fact]
    public void Only_the_record_with_an_edited_hash_is_blamed()
    {
        EditTheHashOfTheSecondRecord();

        Assert.Contains("record 2 of", Assert.Single(FailedChain()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_after_one_with_an_edited_hash_is_checked_too()
    {
        EditTheHashOfTheSecondRecord();
        Tamper($"UPDATE records SET kind = 'x' WHERE run_id = '{_run}' AND record = 3");

        string all = string.Join('\n', FailedChain());
        Assert.Contains("record 2 of", all, StringComparison.Ordinal);
        Assert.Contains("record 3 of", all, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_deleted_record_the_next_one_is_not_blamed()
    {
        ForgetRunFolders(true);
        foreach (LedgerTable table in LedgerSchema.Tables.Where(table => table.Name != "runs"))
        {
            Tamper($"DELETE FROM {table.Name} WHERE {table.Run} = '{_run}' AND record = 2");
        }

        Tamper($"DELETE FROM records WHERE run_id = '{_run}' AND record = 2");

        string all = string.Join('\n', FailedChain());
        Assert.Contains("record 2 of", all, StringComparison.Ordinal);
        Assert.DoesNotContain("was edited", all, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_of_this_ledger_under_the_id_of_another_was_edited()
    {
        string head = Query("SELECT head FROM records WHERE number = 3", row => row.GetString(0))[0];

        AuditEntry check = Audit([new KnownHead(null, new string('0', 32), 3, head, "x.html")])
            .Single(check => check.Name == "known heads");

        Assert.Equal(AuditOutcome.Fail, check.Outcome);
        Assert.Contains(
            "names ledger 00000000000000000000000000000000: it was edited",
            check.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_head_that_matches_is_reported_with_its_source()
    {
        string first = Query(
            $"SELECT hash FROM records WHERE run_id = '{_run}' ORDER BY record",
            row => row.GetString(0)
        )[0];

        AuditEntry check = Audit([new KnownHead(_run, null, 1, first, "a note")])
            .Single(check => check.Name == "known heads" && check.Run == _run);

        Assert.Equal(AuditOutcome.Pass, check.Outcome);
        Assert.EndsWith("matches a note", check.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unmodified_ledger_passes()
    {
        IReadOnlyList<AuditEntry> checks = Audit(runs: [_run]);

        Assert.All(checks, check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}"));
        Assert.Equal(
            [
                "schema",
                "integrity",
                "foreign keys",
                "ledger chain",
                "run folders",
                "chain",
                "record file",
                "chain",
                "record file",
                "values",
                "spec and plan",
                "images and split",
                "numbering",
                "states",
                "times",
                "epochs",
                "predictions",
                "scores",
                "scores",
                "predictions",
                "scores",
                "scores",
            ],
            checks.Select(check => check.Name)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_to_any_column_of_any_table_is_found_and_located(bool withRunFolder)
    {
        ForgetRunFolders(!withRunFolder);
        int columns = 0;
        foreach (string table in Tables())
        {
            LedgerTable? known = LedgerSchema.Tables.FirstOrDefault(t => t.Name == table);
            foreach ((string column, string type, _) in ColumnsOf(table))
            {
                // The first row and the last.
                foreach (string order in withRunFolder ? (string[])["ASC", "DESC"] : ["DESC"])
                {
                    Restore();
                    Tamper($"UPDATE {table} SET {column} = {Changed(column, type)} WHERE {One(table, order)}");
                    bool isContent =
                        known is not null
                        && known.Columns.Any(c => c.Name == column)
                        && !known.Key.Contains(column, StringComparer.Ordinal);
                    Found(table, withRunFolder && isContent ? $"{column} was recorded as" : "");
                    columns++;
                }
            }
        }

        Assert.True(columns > 100, $"{columns}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_deleted_from_any_table_is_found_and_located(bool withRunFolder)
    {
        ForgetRunFolders(!withRunFolder);
        foreach (string table in Tables())
        {
            foreach (string order in (string[])["ASC", "DESC"])
            {
                Restore();
                Tamper($"DELETE FROM {table} WHERE {One(table, order)}");
                // The last record belongs to a note. Only its row and its line show that it is missing.
                Found(table == "records" && order == "DESC" ? "notes" : table, "");
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_inserted_into_any_table_is_found_and_located(bool withRunFolder)
    {
        ForgetRunFolders(!withRunFolder);
        foreach (string table in Tables())
        {
            List<(string Name, string Type, int Key)> columns = ColumnsOf(table);
            string last = columns.Where(c => c.Key > 0).MaxBy(c => c.Key).Name;
            IEnumerable<string> values = columns.Select(c =>
                c.Name == last || (table, c.Name) is ("runs", "id") or ("records", "record") or ("stages", "number")
                    ? Changed(c.Name, c.Type)
                    : c.Name
            );
            Restore();
            Tamper(
                $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => c.Name))}) SELECT {string.Join(", ", values)} FROM {table} WHERE {One(table, "DESC")}"
            );
            Found(table, "");

            // A row of a record that does not exist.
            Restore();
            Tamper(
                $"INSERT INTO {table} ({string.Join(", ", columns.Select(c => c.Name))}) SELECT {string.Join(", ", columns.Select((c, i) => c.Name == "record" ? "77" : values.ElementAt(i)))} FROM {table} WHERE {One(table, "DESC")}"
            );
            Found(table, "");
        }
    }

    [Fact]
    public void Moved_rows_are_found()
    {
        foreach (
            string sql in (string[])
                [
                    $"UPDATE epochs SET run_id = '{_other}' WHERE stage = 'bottleneck' AND epoch = 2",
                    "UPDATE epochs SET record = CASE epoch WHEN 1 THEN (SELECT record FROM epochs WHERE stage = 'bottleneck' AND epoch = 2) ELSE 3 END WHERE stage = 'bottleneck' AND epoch < 3",
                    "UPDATE epochs SET epoch = 3 - epoch + 100 WHERE stage = 'bottleneck' AND epoch < 3",
                    "UPDATE epochs SET record = 0 WHERE stage = 'fine_tune'",
                ]
        )
        {
            Restore();
            Tamper(sql);
            Found("epochs", "");
        }

        Restore();
        Tamper(
            "UPDATE records SET number = 1000 WHERE number = 4; UPDATE records SET number = 4 WHERE number = 5; UPDATE records SET number = 5 WHERE number = 1000"
        );
        Found("records", "");
    }

    [Theory]
    [InlineData("DROP VIEW run_summary", "view run_summary")]
    [InlineData("CREATE VIEW mine AS SELECT 1", "view mine")]
    [InlineData("DROP INDEX runs_by_name", "index runs_by_name")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON runs BEGIN SELECT 1; END", "trigger t")]
    [InlineData("ALTER TABLE epochs ADD COLUMN mine TEXT", "table epochs")]
    [InlineData("CREATE TABLE mine (x)", "table mine")]
    [InlineData(OpeningTests.HiddenTrigger, "trigger sqlite_better")]
    [InlineData("PRAGMA user_version = 1", "user_version")]
    [InlineData("PRAGMA application_id = 7", "application_id")]
    public void A_change_to_the_schema_is_found(string sql, string named)
    {
        using var ledger = LedgerDatabase.OpenForReading(Ledger);
        Tamper(sql);
        AuditEntry[] failed =
        [
            .. RecordChecks
                .Of(ledger, RecordFiles.Of(ledger.Home), [], null)
                .Where(c => c is { Name: "schema", Outcome: AuditOutcome.Fail }),
        ];
        Assert.Contains(failed, check => check.Reason.Contains(named, StringComparison.Ordinal));
    }

    /// <summary>SQLite would compute its expression, which can take hours.</summary>
    [Fact]
    public void A_foreign_index_is_not_checked()
    {
        Tamper("CREATE INDEX mine ON provenance (length(hex(zeroblob(1000))))");

        AuditEntry integrity = Audit().Single(check => check.Name == "integrity");

        Assert.Equal(AuditOutcome.Fail, integrity.Outcome);
        Assert.Contains("not checked", integrity.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("checkpoints SET step = 4611686018427387904", "step is not between 0 and 2147483647")]
    [InlineData("runs SET started_at = 'xxxx-xx-xxTxx:xx:xxZ'", "started_at 'xxxx-xx-xxTxx:xx:xxZ' is not a time")]
    [InlineData("run_states SET at = '0000-99-99T99:99:99Z'", "at '0000-99-99T99:99:99Z' is not a time")]
    [InlineData("run_states SET process_id = -1 WHERE process_id > 0", "process_id is not between")]
    [InlineData("features SET key = '../../x'", "key '../../x' is not a key")]
    [InlineData("runs SET spec_file = 'a' || char(0) || 'b'", "runs: spec_file has the character U+0000")]
    [InlineData("provenance SET value = char(0)", "provenance: value has the character U+0000")]
    [InlineData(
        "artifacts SET path = 'ledger.db' WHERE stage = 'fine_tune'",
        "path 'ledger.db' is not a file of a run"
    )]
    [InlineData("epochs SET learning_rate = 9e999", "learning_rate is not between")]
    public void A_value_out_of_range_is_found(string change, string fault)
    {
        Tamper($"UPDATE {change}");

        AuditEntry values = Audit(runs: [_run]).Single(check => check.Name == "values");

        Assert.Equal(AuditOutcome.Fail, values.Outcome);
        Assert.Contains(fault, values.Reason, StringComparison.Ordinal);
    }

    /// <summary>Somebody could append a line end a billion times.</summary>
    [Fact]
    public void Surplus_lines_are_not_all_read()
    {
        File.AppendAllText(_folder[$"runs/{_run}/record.jsonl"], new string('\n', 100_000));

        AuditEntry file = Audit(runs: [_run]).Last(check => check.Name == "record file");

        Assert.Equal(AuditOutcome.Fail, file.Outcome);
        Assert.True(
            RecordFileCheck
                .Lines(_folder[$"runs/{_run}/record.jsonl"], RecordFiles.Of(new HomeFolder(_folder.Path)), 20)
                .Lines!.Count < 1000
        );
    }

    [Fact]
    public void A_truncated_chain_is_found_by_any_later_head_and_by_the_record_files()
    {
        LedgerHead head;
        RunChain chain;
        using (var ledger = LedgerDatabase.OpenForReading(Ledger))
        {
            (head, chain) = (ledger.Head(), ledger.Load(_other).Chain!);
        }

        KnownHead[] known = [KnownHead.Of(head, "a report"), new(_other, null, chain.Records, chain.Hash, "a report")];
        Assert.DoesNotContain(Audit(known, [_run]), check => check.Outcome == AuditOutcome.Fail);

        Tamper(
            $"""
            DELETE FROM notes WHERE record > 0 AND run_id = 'ledger';
            DELETE FROM run_states WHERE run_id = '{_other}' AND number = 1;
            DELETE FROM records WHERE number > {head.Records - 2}
            """
        );

        Found(new Regex("line 3:", Options, Patience), "number");
        ForgetRunFolders(true);
        Assert.Equal(
            2,
            Audit(known)
                .Count(check => check is { Outcome: AuditOutcome.Fail, Name: "known heads" } && Says(check, "cut off"))
        );
        Assert.DoesNotContain(Audit(runs: [_run]), check => check.Outcome == AuditOutcome.Fail);
    }

    [Fact]
    public void A_head_of_another_ledger_is_distinguished_from_a_contradicted_one()
    {
        string hash = SyntheticRun.Hash(5);
        KnownHead given = new(null, new string('a', 32), 3, hash, "x.html");

        Assert.Equal(AuditOutcome.Fail, Head(given));
        Assert.Equal(AuditOutcome.Inconclusive, Head(given with { IsGiven = false }));
        Assert.Equal(AuditOutcome.Fail, Head(KnownHead.Parse($"3:{hash}")));

        AuditOutcome Head(KnownHead head) => Audit([head]).Single(check => check.Name == "known heads").Outcome;
    }

    /// <summary>A ledger that was made again must not excuse itself from what is known of the old one.</summary>
    [Fact]
    public void A_note_on_an_import_that_never_was_excuses_nothing()
    {
        KnownHead given = new(null, new string('a', 32), 3, SyntheticRun.Hash(5), "x.html");
        string hash = Query(
            "SELECT hash FROM records WHERE run_id <> 'ledger' AND record = 0",
            row => row.GetString(0)
        )[0];
        using (var ledger = LedgerDatabase.Open(Ledger))
        {
            (string, string)[] claims =
            [
                ("source_id", given.Ledger!),
                ("source_records", "3"),
                ("source_head", given.Hash),
                ("runs", $"{_run} 1 {hash} 0"),
            ];
            ledger.Note(LedgerNote.Ledger, "imported", SyntheticRun.Start, claims);
            ledger.Note(
                LedgerNote.Ledger,
                "imported",
                SyntheticRun.Start,
                [.. claims[..^1], ("runs", $"0000000000 1 {hash} 0"), ("source_order", "ledger 1\n0000000000 2")]
            );
        }

        AuditEntry[] checks = [.. Audit([given])];

        Assert.Equal(AuditOutcome.Fail, checks.Single(check => check.Name == "known heads").Outcome);
        Assert.Equal(
            [
                "record 3 of the ledger (imported) names run 0000000000 with 1 record",
                "record 3 of the ledger (imported): the records here do not give the head",
            ],
            checks
                .Where(check => check is { Name: "imports", Outcome: AuditOutcome.Fail })
                .Select(check => check.Reason.Split(" and the last hash")[0].Split(" that it names")[0])
        );
    }

    [Fact]
    public void Heads_of_a_run_are_compared_with_its_records()
    {
        List<string> hashes = Query(
            $"SELECT hash FROM records WHERE run_id = '{_run}' ORDER BY record",
            row => row.GetString(0)
        );
        AuditOutcome Head(long records, string hash) =>
            Audit([new KnownHead(_run, null, records, hash, "a note")])
                .Single(check => check.Name == "known heads" && check.Run == _run)
                .Outcome;

        Assert.Equal(AuditOutcome.Pass, Head(1, hashes[0]));
        Assert.Equal(AuditOutcome.Pass, Head(hashes.Count, hashes[^1]));
        Assert.Equal(AuditOutcome.Fail, Head(2, hashes[0]));
        Assert.Equal(AuditOutcome.Fail, Head(hashes.Count + 1, hashes[^1]));
    }

    [Theory]
    [InlineData("0.5", "0.25")]
    [InlineData("\"kind\":\"epoch_ended\"", "\"kind\":\"epoch_began\"")]
    [InlineData("{\"hash\":\"", "{\"hash\":\"zz")]
    public void An_edited_record_file_is_found(string from, string to)
    {
        string path = RecordFile.PathOf(new HomeFolder(_folder.Path), _run);
        File.WriteAllText(path, File.ReadAllText(path).Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(
            Audit(),
            check => check is { Name: "record file", Outcome: AuditOutcome.Fail } && Says(check, "was edited")
        );
        Assert.DoesNotContain(Audit(), check => check is { Name: "chain", Outcome: AuditOutcome.Fail });
    }

    [Fact]
    public void A_record_file_that_is_not_text_is_found()
    {
        File.AppendAllText(RecordFile.PathOf(new HomeFolder(_folder.Path), _run), "\n");
        byte[] bytes = File.ReadAllBytes(RecordFile.PathOf(new HomeFolder(_folder.Path), _run));
        bytes[5] = 0xFF;
        File.WriteAllBytes(RecordFile.PathOf(new HomeFolder(_folder.Path), _run), bytes);

        Assert.Contains(
            Audit(runs: [_run]),
            check => check is { Name: "record file", Outcome: AuditOutcome.Fail } && Says(check, "line 1")
        );
    }

    [Theory]
    [InlineData("no")]
    [InlineData("[]")]
    [InlineData("{\"epochs\":1}")]
    [InlineData("{\"epochs\":\"\",\"epochs\":\"\"}")]
    public void Edited_marks_that_are_no_marks_are_found(string marks)
    {
        ForgetRunFolders(true);
        Tamper($"UPDATE records SET marks = '{marks}' WHERE run_id = '{_run}'; UPDATE epochs SET seconds = 77");

        Assert.Contains(
            Audit(runs: [_run]),
            check => check is { Name: "chain", Outcome: AuditOutcome.Fail } && Says(check, "marks match no rows")
        );
    }

    [Fact]
    public async Task A_ledger_passes_while_it_is_being_written()
    {
        using var writing = LedgerDatabase.Open(Ledger);
        writing.Connection.Execute("PRAGMA synchronous = OFF");
        bool audited = false;
        int written = 0;
        var writer = Task.Run(
            () =>
            {
                for (; written < 10_000 && !Volatile.Read(ref audited); Interlocked.Increment(ref written))
                {
                    writing.Note(written % 2 == 0 ? _run : LedgerNote.Ledger, "noted", SyntheticRun.Start);
                }
            },
            TestContext.Current.CancellationToken
        );
        SpinWait.SpinUntil(() => Volatile.Read(ref written) > 0);
        int before = Volatile.Read(ref written);
        for (int i = 0; i < 20; i++)
        {
            Assert.All(Audit(runs: [_run]), check => Assert.True(check.Outcome != AuditOutcome.Fail, $"{check}"));
        }

        int after = Volatile.Read(ref written);
        Volatile.Write(ref audited, true);
        await writer;
        Assert.True(before < after, $"{before} notes were written before the audits and {after} after them");
    }

    [Fact]
    public void Many_runs_are_checked_in_one_audit()
    {
        using var many = new TemporaryFolder();
        using var ledger = LedgerDatabase.Open(many["ledger.db"]);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");
        const int Runs = 20;
        for (int i = 0; i < Runs; i++)
        {
            new ConsistentRun(i, images: 100, epochs: 10).Write(ledger);
        }

        IReadOnlyList<AuditEntry> checks = RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), [], null);

        Assert.All(checks, check => Assert.True(check.Outcome == AuditOutcome.Pass, $"{check}"));
        Assert.Equal(Runs, checks.Select(check => check.Run).OfType<string>().Distinct(StringComparer.Ordinal).Count());
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<AuditEntry> Audit(
        IReadOnlyCollection<KnownHead>? known = null,
        IReadOnlyCollection<string>? runs = null
    )
    {
        using var ledger = LedgerDatabase.OpenForReading(Ledger);
        return RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), known ?? [], runs);
    }

    /// <summary>
    /// A check must fail with a reason that names the table as a place, as in "runs, run 5: ...". Paths may contain the
    /// same words.
    /// </summary>
    private void Found(string table, string also) => Found(new Regex($"(^|: ){table}[,:]", Options, Patience), also);

    private void Found(Regex place, string also)
    {
        AuditEntry[] failed =
        [
            .. Audit()
                .Where(c => c is { Outcome: AuditOutcome.Fail, Name: "chain" or "ledger chain" or "record file" }),
        ];
        Assert.True(
            Array.Exists(failed, check => place.IsMatch(check.Reason) && Says(check, also)),
            $"{place} {also}: {string.Join('\n', failed.Select(check => check.Reason))}"
        );
        Assert.All(failed, check => Assert.DoesNotContain('\n', check.Reason));
    }

    private static bool Says(AuditEntry check, string what) => check.Reason.Contains(what, StringComparison.Ordinal);

    private static string Changed(string column, string type) =>
        type switch
        {
            "INTEGER" => $"coalesce({column}, 0) + 1000",
            "REAL" => $"coalesce({column}, 0) + 0.125",
            _ => $"coalesce({column}, '') || 'x'",
        };

    private void Restore() => File.WriteAllBytes(Ledger, _untouched);

    private void ForgetRunFolders(bool forget)
    {
        if (forget)
        {
            Directory.Delete(_folder["runs"], recursive: true);
        }
    }

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False;Foreign Keys=False");
        connection.Open();
        connection.Execute("PRAGMA ignore_check_constraints = ON");
        connection.Execute(sql);
    }

    private List<string> Tables()
    {
        List<string> tables = Query("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.GetString(0));
        Assert.Superset(
            LedgerSchema.Tables.Select(table => table.Name).Append("records").ToHashSet(StringComparer.Ordinal),
            tables.ToHashSet(StringComparer.Ordinal)
        );
        return tables;
    }

    private List<(string Name, string Type, int Key)> ColumnsOf(string table) =>
        Query(
            $"SELECT name, type, pk FROM pragma_table_info('{table}')",
            row => (row.GetString(0), row.GetString(1), row.GetInt32(2))
        );

    /// <summary>The condition that selects the first or last row of a table.</summary>
    private string One(string table, string order)
    {
        string[] key = [.. ColumnsOf(table).Where(c => c.Key > 0).OrderBy(c => c.Key).Select(c => c.Name)];
        string columns = string.Join(", ", key);
        string ordered = string.Join(", ", key.Select(column => $"{column} {order}"));
        return $"({columns}) = (SELECT {columns} FROM {table} ORDER BY {ordered} LIMIT 1)";
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={Ledger};Pooling=False");
        connection.Open();
        return connection.Query(sql, read);
    }
}
