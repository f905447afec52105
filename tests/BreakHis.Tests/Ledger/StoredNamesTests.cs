using BreakHis.Audit.Rerun;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Writing;
using BreakHis.Runs;
using Xunit;

namespace BreakHis.Tests.Ledger;

/// <summary>
/// Words in ledgers and record files. They are not those of the code: a renamed member must not change a record, or make
/// older ones unreadable.
/// </summary>
public sealed class StoredNamesTests
{
    [Fact]
    public void Kinds_of_records_are_fixed() =>
        Assert.Equal(
            ["artifact_written", "checkpoint_written", "epoch_ended", "features_ready", "stage_ended", "stage_started"],
            SyntheticRun
                .Events.Where(e => e is not (ImagePredicted or Progressed or RunEnded))
                .Select(EventRows.KindOf)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Words_for_states_are_fixed() =>
        AreFixed(["running", "finished", "failed", "interrupted"], LedgerText.Word, LedgerText.StateOf);

    [Fact]
    public void Words_for_verdicts_are_fixed() =>
        AreFixed(["clean", "doubt", "leak", "not_checked"], LedgerText.Word, LedgerText.VerdictOf);

    [Fact]
    public void Words_for_sides_are_fixed() => AreFixed(["train", "validation", "test"], Sides.Word, LedgerText.SideOf);

    [Fact]
    public void An_unknown_word_is_named() =>
        Assert.Equal("'lost' is unknown", Assert.Throws<FormatException>(() => LedgerText.StateOf("lost")).Message);

    [Fact]
    public void Words_for_outcomes_of_reruns_are_fixed() =>
        Assert.Equal(
            ["same", "different", "not_run"],
            Enum.GetValues<RerunOutcome>()
                .Select(outcome =>
                    new RerunNote(outcome, "", null, "", []).Entries().Single(entry => entry.Name == "outcome").Value
                )
        );

    private static void AreFixed<T>(string[] words, Func<T, string> wordOf, Func<string, T> valueOf)
        where T : struct, Enum
    {
        Assert.Equal(words, Enum.GetValues<T>().Select(wordOf));
        Assert.Equal(Enum.GetValues<T>(), words.Select(valueOf));
    }
}
