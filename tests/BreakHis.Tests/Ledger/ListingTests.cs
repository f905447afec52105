using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class ListingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LedgerDatabase _ledger;

    public ListingTests() => _ledger = LedgerDatabase.Open(_folder["ledger.db"]);

    [Fact]
    public void An_empty_ledger_has_no_runs()
    {
        Assert.Empty(_ledger.List(new RunFilter()).Runs);
        Assert.Empty(_ledger.FindFinished(SyntheticRun.Hash(1)));
        Unknown("@1", "no run '@1': the ledger has no runs yet");
    }

    [Fact]
    public void The_last_run_is_listed_first_whatever_the_clock_said()
    {
        Begin("aaaaaaaaaa", "one", minute: 5);
        Begin("bbbbbbbbbb", "two", minute: 1);
        Begin("cccccccccc", "three", minute: 3);
        Assert.Equal("cccccccccc bbbbbbbbbb aaaaaaaaaa", Ids(new RunFilter()));
    }

    [Fact]
    public void Filters_select_by_name_state_and_date()
    {
        Begin("aaaaaaaaaa", "one", minute: 1);
        Begin("bbbbbbbbbb", "two", minute: 2);
        Begin("cccccccccc", "one", minute: 3);
        _ledger.Finish("cccccccccc", RunState.Interrupted, null, SyntheticRun.Start);

        Assert.Equal("cccccccccc aaaaaaaaaa", Ids(new RunFilter(Name: "one")));
        Assert.Equal("bbbbbbbbbb aaaaaaaaaa", Ids(new RunFilter(State: RunState.Running)));
        Assert.Equal("cccccccccc bbbbbbbbbb", Ids(new RunFilter(Since: SyntheticRun.Start.AddMinutes(2))));
        Assert.Equal("cccccccccc", Ids(new RunFilter(Limit: 1)));
        Assert.Equal("", Ids(new RunFilter("two", RunState.Failed)));
    }

    [Fact]
    public void A_name_means_the_run_that_began_or_answered_it_last()
    {
        Begin("aaaaaaaaaa", "one", minute: 1);
        Begin("bbbbbbbbbb", "two", minute: 2);

        Assert.Equal("bbbbbbbbbb", _ledger.ResolveRun("two"));
        _ledger.Note("aaaaaaaaaa", LedgerNote.Answered, SyntheticRun.Start, (LedgerNote.Spec, "two"));
        Assert.Equal("aaaaaaaaaa", _ledger.ResolveRun("two"));
        Begin("cccccccccc", "two", minute: 3);
        Assert.Equal("cccccccccc", _ledger.ResolveRun("two"));
    }

    [Theory]
    [InlineData("@1", "ab00000000")]
    [InlineData("@2", "abc0000000")]
    [InlineData("@4", "1234567890")]
    [InlineData("abc0000000", "abc0000000")]
    [InlineData("abc", "abc0000000")]
    [InlineData("AB0", "ab00000000")]
    [InlineData("1", "1234567890")]
    [InlineData("fine", "abc0000000")]
    [InlineData("coarse", "ab00000000")]
    public void References_identify_runs(string reference, string id)
    {
        Four();
        Assert.Equal(id, _ledger.ResolveRun(reference));
    }

    [Fact]
    public void Unknown_references_suggest_the_nearest()
    {
        Four();
        Unknown("@5", "no run '@5': the ledger has 4 runs; @1 is the last");
        Unknown("@0", "no run '@0': the ledger has 4 runs; @1 is the last");
        Unknown("@x", "no run '@x': the ledger has 4 runs; @1 is the last");
        Unknown("corse", "no run 'corse' in the ledger; did you mean 'coarse'?");
        Unknown("1234568790", "no run '1234568790' in the ledger; did you mean '1234567890'?");
        Unknown("", "no run '' in the ledger");
        Unknown(
            "coarse.yaml",
            "no run 'coarse.yaml' in the ledger; a run is found by the name in its spec, not by the spec's file"
        );
    }

    [Fact]
    public void Ambiguous_references_list_five_runs()
    {
        for (int i = 0; i < 7; i++)
        {
            Begin($"ab0000000{i}", "fine", i);
        }

        LedgerException e = Assert.Throws<LedgerException>(() => _ledger.ResolveRun("ab"));
        Assert.Equal(LedgerFault.AmbiguousRun, e.Fault);
        Assert.StartsWith(
            "'ab' is ambiguous: ab00000006 (fine, 2026-03-01T10:06:00Z), ab00000005 ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" and 2 more; type more of the id", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_run_is_not_loaded()
    {
        LedgerException e = Assert.Throws<LedgerException>(() => _ledger.Load("0000000000"));
        Assert.Equal(LedgerFault.UnknownRun, e.Fault);
    }

    [Fact]
    public void Runs_of_a_plan_are_found_the_last_one_first()
    {
        string fingerprint = SyntheticRun.Hash(1);
        Begin("aaaaaaaaaa", "one", 1);
        Assert.Empty(_ledger.FindFinished(fingerprint));
        _ledger.Finish("aaaaaaaaaa", RunState.Failed, "no tissue", SyntheticRun.Start);
        Assert.Empty(_ledger.FindFinished(fingerprint));
        Begin("bbbbbbbbbb", "one", 2);
        _ledger.Finish("bbbbbbbbbb", RunState.Finished, null, SyntheticRun.Start);
        Begin("cccccccccc", "one", 3);
        Assert.Equal(["bbbbbbbbbb"], _ledger.FindFinished(fingerprint));
        Assert.Equal(["cccccccccc", "aaaaaaaaaa"], _ledger.FindUnfinished(fingerprint));
        Assert.Empty(_ledger.FindUnfinished(SyntheticRun.Hash(2)));
        Assert.Equal(["cccccccccc"], _ledger.FindInterrupted(fingerprint));
        _ledger.Finish("cccccccccc", RunState.Interrupted, "by the user", SyntheticRun.Start);
        Assert.Equal(["cccccccccc"], _ledger.FindInterrupted(fingerprint));
        Begin("dddddddddd", "one", 4);
        _ledger.Finish("dddddddddd", RunState.Failed, "no tissue", SyntheticRun.Start);
        Assert.Empty(_ledger.FindInterrupted(fingerprint));
        Assert.Empty(_ledger.FindInterrupted(SyntheticRun.Hash(2)));
        Assert.Empty(_ledger.FindFinished(SyntheticRun.Hash(2)));
    }

    [Fact]
    public void Runs_of_the_same_experiment_are_found_among_runs_of_the_same_seed()
    {
        string[] runs =
        [
            new ConsistentRun(images: 8).Write(_ledger),
            new ConsistentRun().Write(_ledger),
            new ConsistentRun(seed: 2).Write(_ledger),
            new ConsistentRun().Write(_ledger),
        ];

        Assert.Equal([runs[3]], _ledger.FindAlike(runs[1]));
        Assert.Equal([runs[1]], _ledger.FindAlike(runs[3]));
        Assert.Empty(_ledger.FindAlike(runs[0]));
        Assert.Empty(_ledger.FindAlike("0000000000"));
    }

    [Fact]
    public void Ids_are_unique()
    {
        Begin("aaaaaaaaaa", "one", 1);
        LedgerException e = Assert.Throws<LedgerException>(() => Begin("aaaaaaaaaa", "two", 2));
        Assert.Equal(LedgerFault.Refused, e.Fault);
        Assert.Throws<LedgerException>(() => Begin("AAAAAAAAAA", "two", 2));
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    private void Four()
    {
        Begin("1234567890", "fine", 1);
        Begin("abd0000000", "coarse", 2);
        Begin("abc0000000", "fine", 3);
        Begin("ab00000000", "coarse", 4);
    }

    private void Begin(string id, string name, int minute) =>
        _ledger.Begin(SyntheticRun.New(SyntheticRun.Plan(name), SyntheticRun.Start.AddMinutes(minute), id));

    private string Ids(RunFilter filter) => string.Join(' ', _ledger.List(filter).Runs.Select(run => run.Id));

    private void Unknown(string reference, string message)
    {
        LedgerException e = Assert.Throws<LedgerException>(() => _ledger.ResolveRun(reference));
        Assert.Equal((LedgerFault.UnknownRun, message), (e.Fault, e.Message));
    }
}
