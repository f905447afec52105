using BreakHis.Ledger;
using BreakHis.Runs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Writing;

/// <summary>A resumed run repeats events. They must have the recorded values, except for times.</summary>
public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LedgerDatabase _ledger;
    private readonly string _run;

    public ReplayTests()
    {
        _ledger = LedgerDatabase.Open(_folder["ledger.db"]);
        _run = _ledger.Begin(SyntheticRun.New());
        foreach (RunEvent e in SyntheticRun.Events)
        {
            _ledger.Record(_run, e, SyntheticRun.Start);
        }
    }

    /// <summary>Per case: the event, the changed event, and texts that the error contains.</summary>
    public static TheoryData<string, Func<RunEvent, RunEvent?>, string, string> Changes =>
        new()
        {
            { "features", e => e is FeaturesReady f ? f with { Key = "other" } : null, "key", "other" },
            {
                "features",
                e => e is FeaturesReady f ? f with { Sha256 = SyntheticRun.Hash(7) } : null,
                SyntheticRun.Hash(100),
                SyntheticRun.Hash(7)
            },
            {
                "epoch 0",
                e => e is EpochEnded { Epoch: 0 } f ? f with { OrderSha256 = SyntheticRun.Hash(7) } : null,
                "none",
                SyntheticRun.Hash(7)
            },
            {
                "epoch 0",
                e => e is EpochEnded { Epoch: 0 } f ? f with { Train = new Scores(1, 0, 0, 0) } : null,
                "none",
                "loss 1, accuracy 0"
            },
            {
                "epoch 1",
                e => e is EpochEnded { Epoch: 1 } f ? f with { OrderSha256 = null } : null,
                SyntheticRun.Hash(111),
                "none"
            },
            {
                "epoch 1",
                e => e is EpochEnded { Epoch: 1 } f ? f with { Train = f.Train! with { MacroF1 = 2e-300 } } : null,
                "1E-300",
                "2E-300"
            },
            {
                "epoch 1",
                e => e is EpochEnded { Epoch: 1 } f ? f with { StateSha256 = SyntheticRun.Hash(7) } : null,
                SyntheticRun.Hash(112),
                SyntheticRun.Hash(7)
            },
            {
                "epoch 2",
                e => e is EpochEnded { Epoch: 2 } f ? f with { Validation = new Scores(0.5, 0.5, 0.25, 0.2) } : null,
                "accuracy 0.3333333333333333,",
                "accuracy 0.5,"
            },
            {
                "epoch 2",
                e => e is EpochEnded { Epoch: 2 } f ? f with { LearningRate = 0.002 } : null,
                "0.001",
                "0.002"
            },
            { "epoch 2", e => e is EpochEnded { Epoch: 2 } f ? f with { IsBest = false } : null, "yes", "no" },
            { "the end", e => e is StageEnded f ? f with { KeptEpoch = 1 } : null, "was 2", "now 1" },
            { "the end", e => e is StageEnded f ? f with { StoppedEarly = false } : null, "was yes", "now no" },
            {
                "the end",
                e => e is StageEnded f ? f with { Kept = f.Kept with { BalancedAccuracy = 0.75 } } : null,
                "balanced accuracy 0.2",
                "balanced accuracy 0.75"
            },
            {
                "a/08.png",
                e => e is ImagePredicted { Image: 8 } f ? f with { Probabilities = [0.75f, 0.25f] } : null,
                "[0.125,0.875]",
                "[0.75,0.25]"
            },
        };

    [Fact]
    public void Repeated_events_are_not_written_again()
    {
        LedgerHead head = _ledger.Head();
        foreach (RunEvent e in Repeated("bottleneck").Concat(Repeated("fine_tune")))
        {
            _ledger.Record(
                _run,
                e switch
                {
                    FeaturesReady features => features with { FromCache = false },
                    EpochEnded epoch => epoch with { Seconds = 99, ImagesPerSecond = 99 },
                    _ => e,
                },
                SyntheticRun.Start.AddDays(1)
            );
        }

        Assert.Equal(head, _ledger.Head());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_value_is_an_error_with_both_values(
        string what,
        Func<RunEvent, RunEvent?> change,
        string recorded,
        string now
    )
    {
        LedgerHead head = _ledger.Head();
        LedgerException error = Contradiction(e => change(e) ?? e);

        Assert.Equal((LedgerFault.Contradicted, head), (error.Fault, _ledger.Head()));
        Assert.Matches($"{Escaped(recorded)}.*{Escaped(now)}", error.Message);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_changed_predictions_the_first_image_is_named_with_its_values_alone()
    {
        LedgerException error = Contradiction(e =>
            e switch
            {
                ImagePredicted { Image: 9 } first => first with { Probabilities = [0.75f, 0.25f] },
                ImagePredicted { Image: 12 } later => later with { Probabilities = [0.5f, 0.5f] },
                _ => e,
            }
        );

        Assert.Contains("a/09.png", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"\[0\.11111111,null\].*\[0\.75,0\.25\]", error.Message);
        Assert.Equal(2, error.Message.Count(c => c == '['));
        Assert.DoesNotContain("a/12.png", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_prediction_is_an_error()
    {
        LedgerException error = Contradiction(e => e is ImagePredicted { Image: 8 } ? null : e);

        Assert.Matches(@"a/08\.png.*\[0\.125,0\.875\].*none", error.Message);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    /// <summary>Repeats a stage and returns the error; events that become null are left out.</summary>
    private LedgerException Contradiction(Func<RunEvent, RunEvent?> change) =>
        Assert.Throws<LedgerException>(() =>
        {
            foreach (RunEvent e in Repeated("bottleneck").Select(change).OfType<RunEvent>())
            {
                _ledger.Record(_run, e, SyntheticRun.Start);
            }
        });

    /// <summary>The events that a resumed stage repeats, with its predictions in another order.</summary>
    private static IEnumerable<RunEvent> Repeated(string stage) =>
        SyntheticRun
            .Events.Where(e => e is not (ArtifactWritten or CheckpointWritten or ImagePredicted or StageEnded))
            .Concat(SyntheticRun.Events.OfType<ImagePredicted>().Reverse())
            .Concat(SyntheticRun.Events.OfType<StageEnded>())
            .Where(e => StageOf(e) == stage);

    private static string? StageOf(RunEvent e) =>
        e switch
        {
            StageStarted started => started.Stage,
            FeaturesReady features => features.Stage,
            EpochEnded epoch => epoch.Stage,
            ImagePredicted prediction => prediction.Stage,
            StageEnded ended => ended.Stage,
            _ => null,
        };

    private static string Escaped(string text) => System.Text.RegularExpressions.Regex.Escape(text);
}
