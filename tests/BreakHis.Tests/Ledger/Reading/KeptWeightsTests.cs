using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Reading;

/// <summary>The weights that a spec names by a run.</summary>
public sealed class KeptWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LedgerDatabase _ledger;

    public KeptWeightsTests() => _ledger = LedgerDatabase.Open(_folder["ledger.db"]);

    [Theory]
    [InlineData("one")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("aaa")]
    public void A_run_is_named_by_its_spec_or_ID(string reference)
    {
        Run("aaaaaaaaaa", "one", weights: 1);
        Run("bbbbbbbbbb", "two", weights: 2);

        KeptWeights kept = _ledger.FindWeights(reference);

        Assert.Equal(("aaaaaaaaaa", "one", -3L), (kept.RunId, kept.Name, kept.Seed));
        Assert.Equal(new HashedFile("fine_tune/best.safetensors", SyntheticRun.Hash(1), 7), kept.Weights);
        Assert.Equal(["classes.json", "preprocessing.safetensors"], kept.Others.Select(file => file.Path));
    }

    [Fact]
    public void Runs_of_one_name_with_different_weights_are_ambiguous()
    {
        Run("aaaaaaaaaa", "one", weights: 1);
        Run("bbbbbbbbbb", "one", weights: 1);
        Assert.Equal("bbbbbbbbbb", _ledger.FindWeights("one").RunId);

        Run("cccccccccc", "one", weights: 2);
        Assert.Equal(
            "the runs named 'one' kept different weights: cccccccccc (seed -3), bbbbbbbbbb (seed -3); give the ID of one",
            Error(LedgerFault.AmbiguousRun, "one")
        );
        Assert.Equal("aaaaaaaaaa", _ledger.FindWeights("aaaaaaaaaa").RunId);
    }

    [Fact]
    public void A_run_that_a_spec_was_answered_by_has_its_name()
    {
        Run("aaaaaaaaaa", "one", weights: 1);
        _ledger.Note("aaaaaaaaaa", LedgerNote.Answered, SyntheticRun.Start, (LedgerNote.Spec, "two"));

        Assert.Equal("aaaaaaaaaa", _ledger.FindWeights("two").RunId);
    }

    [Fact]
    public void Unfinished_runs_and_runs_without_fine_tuning_have_no_weights()
    {
        Run("aaaaaaaaaa", "one", weights: 1, RunState.Interrupted);
        Assert.Equal(
            "run aaaaaaaaaa has no weights of a finished fine_tune stage",
            Error(LedgerFault.UnknownRun, "one")
        );
        Run("bbbbbbbbbb", "one", weights: null);
        Assert.Equal(
            "runs bbbbbbbbbb, aaaaaaaaaa have no weights of a finished fine_tune stage",
            Error(LedgerFault.UnknownRun, "one")
        );
        Run("cccccccccc", "one", weights: 3);
        Assert.Equal("cccccccccc", _ledger.FindWeights("one").RunId);
        Assert.Equal("no run 'none' in the ledger; did you mean 'one'?", Error(LedgerFault.UnknownRun, "none"));
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    private string Error(LedgerFault fault, string reference)
    {
        LedgerException error = Assert.Throws<LedgerException>(() => _ledger.FindWeights(reference));
        Assert.Equal(fault, error.Fault);
        return error.Message;
    }

    private void Run(string id, string name, int? weights, RunState end = RunState.Finished)
    {
        _ledger.Begin(SyntheticRun.New(SyntheticRun.Plan(name), id: id));
        Write(id, new StageStarted("bottleneck"));
        Write(id, Artifact("bottleneck", "classes.json", 9));
        Write(id, Artifact("bottleneck", "bottleneck/best.safetensors", 8));
        if (weights is int hash)
        {
            Write(id, new StageStarted("fine_tune"));
            Write(id, Artifact("fine_tune", "preprocessing.safetensors", 6));
            Write(id, Artifact("fine_tune", "fine_tune/best.safetensors", hash));
        }

        _ledger.Finish(id, end, failure: null, SyntheticRun.Start);
    }

    private void Write(string id, RunEvent written) => _ledger.Record(id, written, SyntheticRun.Start);

    private static ArtifactWritten Artifact(string stage, string path, int hash) =>
        new(stage, Path.ChangeExtension(path, null), path, SyntheticRun.Hash(hash), 7);
}
