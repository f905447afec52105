using System.Diagnostics;
using BreakHis.Audit;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Testing;
using BreakHis.Tests.Provenance.Git;
using Xunit;
using static System.FormattableString;

namespace BreakHis.Tests.Ledger.Heads;

public sealed class KnownHeadTests : IDisposable
{
    private static readonly LedgerHead Head = new(new string('a', 32), 12, SyntheticRun.Hash(1));

    private readonly TemporaryFolder _folder = new();

    public static bool HasSsh { get; } = CanStart("ssh-keygen");

    [Fact]
    public void A_report_pins_the_ledger_at_the_last_record_of_its_runs()
    {
        using var ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        string[] runs = [new ConsistentRun(1).Write(ledger), new ConsistentRun(2).Write(ledger)];
        string html = Report.Html([.. runs.Select(ledger.Load)]);
        LedgerHead head = ledger.Head();

        IReadOnlyList<KnownHead> known = KnownHead.InReport(html, "x.html");

        Assert.Equal(KnownHead.Of(head, "x.html"), known[0]);
        Assert.Equal(runs, known.Skip(1).Select(k => k.Run));
        Assert.Contains(head.Head, html[html.IndexOf("<footer", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.All(
            RecordChecks.Of(ledger, RecordFiles.Of(ledger.Home), known, null),
            check => Assert.Equal(AuditOutcome.Pass, check.Outcome)
        );

        // Later records must not change a report.
        new ConsistentRun(3).Write(ledger);
        ledger.Note(runs[1], "reran", SyntheticRun.Start, ("outcome", "same"));
        Assert.Equal(html, Report.Html([.. runs.Select(ledger.Load)]));
        Assert.Contains(
            $"{ledger.Load(runs[0]).Chain!.Ledger.Head}",
            Report.Html([ledger.Load(runs[0])]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Text_in_a_run_cannot_forge_a_head()
    {
        string statement = KnownHead.Of(Head, "").Statement;
        string meta = $"<meta name=\"breakhis-chain\" content=\"{statement}\">";
        using var ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        string run = ledger.Begin(
            SyntheticRun.New() with
            {
                Provenance = [new("git.patch", $"\n{statement}\n{meta}\n")],
            }
        );

        string html = Report.Html([ledger.Load(run)]);

        Assert.Contains(statement, html, StringComparison.Ordinal);
        Assert.Equal(2, KnownHead.InReport(html, "x").Count);
        Assert.DoesNotContain(KnownHead.InReport(html, "x"), head => head.Hash == Head.Head);
    }

    [Fact]
    public void Heads_are_read_back_as_written()
    {
        var head = KnownHead.Of(Head, "here");
        KnownHead run = new("3f2a90c1d7", null, 3, SyntheticRun.Hash(2), "here");
        Assert.Equal([head, run], KnownHead.InText($"{head.Statement} 2026\nx\n{run.Statement}\n", "here"));
        Assert.Empty(KnownHead.InText($"x {head.Statement}\nbreakhis-ledger 12 {Head.Head}", "here"));
        Assert.Equal(12, KnownHead.Parse($"12:{Head.Head}").Records);
        foreach (
            string wrong in (string[])["", "12", $"0:{Head.Head}", $"12:{Head.Head}0", "12:xyz", $"-1:{Head.Head}"]
        )
        {
            Assert.Throws<InputException>(() => KnownHead.Parse(wrong));
        }
    }

    [Fact]
    public void A_file_without_a_head_is_not_a_report()
    {
        File.WriteAllText(_folder["x.html"], "<html></html>");
        Assert.Throws<InputException>(() => KnownHeads.InReport(_folder["x.html"]));
        Assert.Throws<InputException>(() => KnownHeads.InReport(_folder["none.html"]));
    }

    [Fact]
    public void Notes_of_a_repository_that_git_cannot_read_are_empty_with_a_reason()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        Assert.Null(KnownHeads.InNotes(repository.Path).Unread);
        Assert.Null(KnownHeads.InNotes(_folder.Path).Unread);
        repository.Write(".git/config", "[core]\nrepositoryformatversion = 9\n");

        Assert.Empty(KnownHeads.InNotes(repository.Path).Heads);
        Assert.NotEqual("", KnownHeads.InNotes(repository.Path).Unread ?? "");
    }

    [Fact]
    public void Without_git_notes_there_are_no_heads()
    {
        Assert.Empty(KnownHeads.InNotes(_folder.Path).Heads);
        Assert.Empty(HeadSignature.Statements(new HomeFolder(_folder.Path)));
        InputException e = Assert.Throws<InputException>(() =>
            KnownHeads.WriteNote(_folder.Path, KnownHead.Of(Head, ""), [], SyntheticRun.Start, null)
        );
        Assert.Contains("no git repository", e.Message, StringComparison.Ordinal);
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        Assert.Empty(KnownHeads.InNotes(repository.Path).Heads);
        Assert.Throws<InputException>(() =>
            KnownHeads.WriteNote(repository.Path, KnownHead.Of(Head, ""), [], SyntheticRun.Start, null)
        );
    }

    [Fact]
    public void Git_notes_contain_several_heads()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        repository.Write("a", "1");
        string first = repository.Commit();
        KnownHead[] heads =
        [
            KnownHead.Of(Head, ""),
            KnownHead.Of(Head with { Records = 13 }, ""),
            KnownHead.Of(Head with { Records = 14 }, ""),
        ];
        Assert.Equal(
            first,
            KnownHeads.WriteNote(repository.Path, heads[0], [], SyntheticRun.Start, "-----BEGIN x\n-----END\n")
        );
        KnownHeads.WriteNote(repository.Path, heads[1], [], SyntheticRun.Start, null);
        repository.Write("a", "2");
        repository.Commit();
        KnownHeads.WriteNote(repository.Path, heads[2], [], SyntheticRun.Start, null);

        IReadOnlyList<KnownHead> found = KnownHeads.InNotes(repository.Path).Heads;

        Assert.Equal(heads.Select(h => h.Statement), found.Select(h => h.Statement).Order(StringComparer.Ordinal));
        Assert.All(found, head => Assert.False(head.IsGiven));
        Assert.Equal(
            $"{heads[0].Statement} 2026-03-01T10:00:00Z\n-----BEGIN x\n-----END\n{heads[1].Statement} 2026-03-01T10:00:00Z\n",
            repository.Git("notes", "--ref", "breakhis", "show", first)
        );

        repository.Write(".git/refs/notes/breakhis.lock", "");
        Assert.Throws<InputException>(() =>
            KnownHeads.WriteNote(repository.Path, heads[0], [], SyntheticRun.Start, null)
        );
    }

    /// <summary>Git passes over such a file, so it hides no note.</summary>
    [Fact]
    public void A_file_beside_the_notes_is_passed_over()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        repository.Write("a", "1");
        repository.Commit();
        KnownHeads.WriteNote(repository.Path, KnownHead.Of(Head, ""), [], SyntheticRun.Start, null);
        string blob = repository.Git("hash-object", "-w", "a").Trim();
        repository.Git("read-tree", "refs/notes/breakhis");
        repository.Git("update-index", "--add", "--cacheinfo", $"100644,{blob},README");
        repository.Git("update-index", "--add", "--cacheinfo", $"100644,{blob},ab/README");
        string commit = repository.Git("commit-tree", repository.Git("write-tree").Trim(), "-m", "x").Trim();
        repository.Git("update-ref", "refs/notes/breakhis", commit);

        (IReadOnlyList<KnownHead> heads, string? unread) = KnownHeads.InNotes(repository.Path);

        Assert.Single(heads);
        Assert.Null(unread);
    }

    [Fact]
    public void A_long_note_is_named_and_not_read()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        repository.Write("a", "1");
        repository.Commit();
        KnownHeads.WriteNote(repository.Path, KnownHead.Of(Head, ""), [], SyntheticRun.Start, null);
        repository.Write("a", "2");
        repository.Commit();
        string line = KnownHead.Of(Head, "").Statement + "\n";
        repository.Write("note", string.Concat(Enumerable.Repeat(line, (5 << 20) / line.Length)));
        repository.Git("notes", "--ref", "breakhis", "add", "-F", "note");

        (IReadOnlyList<KnownHead> heads, string? unread) = KnownHeads.InNotes(repository.Path);

        Assert.Single(heads);
        Assert.Contains("is longer than 4 MB", unread, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_from_all_places_are_gathered_once()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository();
        repository.Write("a", "1");
        repository.Commit();
        KnownHeads.WriteNote(
            repository.Path,
            KnownHead.Of(Head with { Records = 2 }, ""),
            [],
            SyntheticRun.Start,
            null
        );
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Signatures);
        File.WriteAllText(_folder["signatures/3.txt"], KnownHead.Of(Head with { Records = 3 }, "").Statement + "\n");
        File.WriteAllText(_folder["signatures/4.txt.sig"], KnownHead.Of(Head with { Records = 4 }, "").Statement);
        File.WriteAllText(
            _folder["x.html"],
            $"<meta name=\"breakhis-chain\" content=\"{KnownHead.Of(Head with { Records = 5 }, "").Statement}\">"
        );

        (IReadOnlyList<KnownHead> found, _) = KnownHeads.Gather(
            home,
            repository.Path,
            [$"1:{Head.Head}", $"1:{Head.Head}"],
            [_folder["x.html"], _folder["x.html"]]
        );

        Assert.Equal(
            [(1, true), (5, true), (2, false), (3, true)],
            found.Select(head => ((int)head.Records, head.IsGiven))
        );
    }

    [Fact]
    public void A_report_pins_each_run_once_and_the_latest_ledger()
    {
        using var ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        string[] runs = [ledger.Begin(SyntheticRun.New()), ledger.Begin(SyntheticRun.New())];
        RecordedRun[] loaded = [.. runs.Select(ledger.Load)];

        IReadOnlyList<KnownHead> pinned = KnownHead.PinnedBy([
            loaded[1],
            loaded[0],
            loaded[1],
            loaded[0] with
            {
                Chain = null,
            },
        ]);

        Assert.Equal([null, runs[1], runs[0]], pinned.Select(head => head.Run));
        Assert.Equal(ledger.Head().Records, pinned[0].Records);
        Assert.Equal([1L, 1L], pinned.Skip(1).Select(head => head.Records));
        Assert.Empty(KnownHead.PinnedBy([loaded[0] with { Chain = null }]));
    }

    /// <summary>Millions of valid lines took a gigabyte of memory.</summary>
    [Fact]
    public void A_long_statement_is_not_read()
    {
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Signatures);
        string file = Path.Combine(home.Signatures, "12.txt");
        string line = KnownHead.Of(Head, "").Statement + "\n";
        File.WriteAllText(file, string.Concat(Enumerable.Repeat(line, 3000)));
        File.WriteAllText(file + ".sig", "junk");

        Assert.Empty(HeadSignature.Statements(home));
        AuditEntry check = Assert.Single(SignatureCheck.Of(home, null));
        Assert.Equal(AuditOutcome.Fail, check.Outcome);
        Assert.Contains("longer than 256 KB", check.Reason, StringComparison.Ordinal);
    }

    /// <summary>Each takes time to verify, and a folder of somebody else could have a million.</summary>
    [Fact]
    public void Too_many_statements_are_refused()
    {
        var home = new HomeFolder(_folder.Path);
        Directory.CreateDirectory(home.Signatures);
        for (int i = 0; i <= 10_000; i++)
        {
            File.Create(Path.Combine(home.Signatures, Invariant($"{i}.txt"))).Dispose();
        }

        InputException e = Assert.Throws<InputException>(() => SignatureCheck.Of(home, null).Count());

        Assert.Contains("more than 10,000 signed statements", e.Message, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(HasSsh), Skip = "needs ssh-keygen")]
    public void A_head_is_signed_with_an_ssh_key()
    {
        var home = new HomeFolder(_folder.Path);
        string mine = Key("mine");
        string other = Key("other");

        string file = HeadSignature.Sign(home, KnownHead.Of(Head, ""), [], mine);

        Assert.Equal(KnownHead.Of(Head, "").Statement, Assert.Single(HeadSignature.Statements(home)).Statement);
        Assert.Equal(AuditOutcome.Inconclusive, Outcome(null));
        Assert.Equal(AuditOutcome.Pass, Outcome(Allowed("me", mine)));
        Assert.Equal(AuditOutcome.Fail, Outcome(Allowed("you", other)));
        Assert.Throws<InputException>(() => HeadSignature.Sign(home, KnownHead.Of(Head, ""), [], _folder["no key"]));
        Assert.Equal(AuditOutcome.Pass, Outcome(Allowed("me", mine)));
        // Again with the same key is the same; another signer has a file of its own.
        Assert.Equal(file, HeadSignature.Sign(home, KnownHead.Of(Head, ""), [], mine));
        string byOther = HeadSignature.Sign(home, KnownHead.Of(Head, ""), [], other);
        Assert.Equal("12-2.txt", Path.GetFileName(byOther));
        File.Delete(byOther);
        InputException e = Assert.Throws<InputException>(() =>
            HeadSignature.Sign(home, KnownHead.Of(Head with { Head = SyntheticRun.Hash(2) }, ""), [], mine)
        );
        Assert.Contains("12.txt contradicts this ledger", e.Message, StringComparison.Ordinal);
        Assert.Equal(AuditOutcome.Pass, Outcome(Allowed("me", mine)));
        File.WriteAllText(file, KnownHead.Of(Head with { Records = 13 }, "").Statement + "\n");
        Assert.Equal(AuditOutcome.Fail, Outcome(Allowed("me", mine)));
        File.WriteAllText(file + ".sig", "junk");
        Assert.Equal(AuditOutcome.Fail, Outcome(null));
        File.Delete(file + ".sig");
        Assert.Equal(AuditOutcome.Fail, Outcome(null));

        AuditOutcome Outcome(string? allowed) => Assert.Single(SignatureCheck.Of(home, allowed)).Outcome;
        string Allowed(string who, string key)
        {
            File.WriteAllText(_folder[who], $"{who}@example.org {File.ReadAllText(key + ".pub")}");
            return _folder[who];
        }
    }

    /// <summary>
    /// A repository may be shared by people who have ledgers of their own. But a ledger that has the very runs that a signed
    /// note of another one pins, and did not import them, was created again.
    /// </summary>
    [Theory(SkipUnless = nameof(HasSsh), Skip = "needs ssh-keygen")]
    [InlineData("again", "mine", AuditOutcome.Fail, AuditOutcome.Pass)]
    [InlineData("again", "other", AuditOutcome.Inconclusive, AuditOutcome.Inconclusive)]
    [InlineData("again", null, AuditOutcome.Inconclusive, null)]
    [InlineData("imported", "mine", AuditOutcome.Inconclusive, AuditOutcome.Pass)]
    [InlineData("colleague", "mine", AuditOutcome.Inconclusive, AuditOutcome.Pass)]
    [InlineData("same", "mine", AuditOutcome.Pass, AuditOutcome.Pass)]
    [InlineData("same", "other", AuditOutcome.Pass, AuditOutcome.Fail)]
    public void A_signed_note_shows_that_a_ledger_was_created_again(
        string kind,
        string? signer,
        object outcome,
        object? signature
    )
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        const string Run = "3f2a90c1d7";
        using var repository = new GitRepository();
        repository.Write("a", "1");
        repository.Commit();
        string mine = Key("mine");
        Key("other");
        using (var ledger = LedgerDatabase.Open(_folder["old/ledger.db"]))
        {
            ledger.Begin(SyntheticRun.New(SyntheticRun.Plan("a"), id: Run));
            var head = KnownHead.Of(ledger.Head(), "");
            IReadOnlyList<KnownHead> runs = ledger.LastMadeHere(20);
            string file = HeadSignature.Sign(ledger.Home, head, runs, mine);
            KnownHeads.WriteNote(repository.Path, head, runs, SyntheticRun.Start, File.ReadAllText(file + ".sig"));
            Directory.Delete(ledger.Home.Signatures, recursive: true);
            ledger.Begin(SyntheticRun.New(SyntheticRun.Plan("b")));
        }

        using var here = LedgerDatabase.Open(_folder[kind == "same" ? "old/ledger.db" : "new/ledger.db"]);
        switch (kind)
        {
            case "again":
                here.Begin(SyntheticRun.New(SyntheticRun.Plan("a"), id: Run));
                break;
            case "imported":
                LedgerImport.From(here, _folder[$"old/runs/{Run}"], SyntheticRun.Start);
                break;
            case "colleague":
                here.Begin(SyntheticRun.New(SyntheticRun.Plan("a")));
                break;
        }

        string? signers = signer is null ? null : _folder["signers"];
        if (signers is not null)
        {
            File.WriteAllText(signers, $"{signer}@example.org {File.ReadAllText(_folder[signer + ".pub"])}");
        }

        AuditEntry[] checks =
        [
            .. RecordChecks.Of(
                here,
                RecordFiles.Of(here.Home),
                KnownHeads.Gather(here.Home, repository.Path, [], [], signers),
                signers,
                null
            ),
        ];

        Assert.Equal(outcome, checks.First(check => check.Name == "known heads").Outcome);
        Assert.Equal(signature, checks.SingleOrDefault(check => check.Name == "signatures")?.Outcome);
    }

    public void Dispose() => _folder.Dispose();

    private string Key(string name)
    {
        using var process = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", _folder[name]]);
        process.WaitForExit();
        return _folder[name];
    }

    private static bool CanStart(string program)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, "-?")
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            );
            return process is not null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
