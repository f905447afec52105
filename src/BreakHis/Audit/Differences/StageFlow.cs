using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Audit.Differences;

/// <summary>The part of the flow that belongs to one stage.</summary>
internal sealed class StageFlow(
    Flow flow,
    (RecordedRun Run, RecordedStage Stage) first,
    (RecordedRun Run, RecordedStage Stage) second
)
{
    private string Name => first.Stage.Name;

    /// <summary>Adds the stage's steps.</summary>
    /// <returns>The kept weights, from which the next stage starts.</returns>
    public FlowStep Add(FlowStep settings, FlowStep images, FlowStep split, IReadOnlyList<FlowStep> given)
    {
        // Features depend on neither sides nor labels; everything after them depends on both.
        FlowStep features = flow.Add(
            $"{Name}: features",
            first.Stage.Features?.Sha256,
            second.Stage.Features?.Sha256,
            given.Where(step => step != split)
        );
        FlowStep begin = flow.Add(
            $"{Name}: state before training",
            State(first, 0),
            State(second, 0),
            [.. given, features]
        );
        Validation(0, begin);
        var trained = new Dictionary<int, FlowStep> { [0] = begin };
        FlowStep best = begin;
        int epochs = Math.Min(Last(first.Stage), Last(second.Stage));
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            FlowStep order = flow.Add(
                $"{Name}, epoch {epoch}: order of images",
                Epoch(first, epoch)?.OrderSha256,
                Epoch(second, epoch)?.OrderSha256,
                settings,
                images,
                split
            );
            FlowStep rate = flow.Add(
                $"{Name}, epoch {epoch}: learning rate",
                Rate(first, epoch),
                Rate(second, epoch),
                settings
            );
            trained[epoch] = Training(epoch, order, rate, trained[epoch - 1]);
            FlowStep validated = Validation(epoch, trained[epoch]);
            best = flow.Add(
                $"{Name}, epoch {epoch}: best so far",
                Epoch(first, epoch) is { } a ? YesNo.Of(a.IsBest) : null,
                Epoch(second, epoch) is { } b ? YesNo.Of(b.IsBest) : null,
                best,
                validated
            );
        }

        return Ending(trained, best);
    }

    private FlowStep Training(int epoch, FlowStep order, FlowStep rate, FlowStep before)
    {
        (string? stateOfFirst, string? stateOfSecond) = (State(first, epoch), State(second, epoch));
        bool hashed = stateOfFirst is not null && stateOfSecond is not null;
        return flow.Add(
            new FlowStep(
                $"{Name}, epoch {epoch}: state after training",
                $"{(hashed ? $"state {stateOfFirst}\n" : "")}scores {Epoch(first, epoch)?.Train?.InFull() ?? "none"}",
                $"{(hashed ? $"state {stateOfSecond}\n" : "")}scores {Epoch(second, epoch)?.Train?.InFull() ?? "none"}",
                order.IsSame && rate.IsSame && before.IsSame
            )
            {
                Training = new TrainedEpoch(Name, epoch),
            }
        );
    }

    private FlowStep Validation(int epoch, FlowStep trained) =>
        flow.Add(
            $"{Name}, epoch {epoch}: validation scores",
            Epoch(first, epoch) is { } a ? a.Validation.InFull() : null,
            Epoch(second, epoch) is { } b ? b.Validation.InFull() : null,
            trained
        );

    private FlowStep Ending(Dictionary<int, FlowStep> trained, FlowStep best)
    {
        FlowStep last = flow.Add(
            $"{Name}: last epoch",
            Digits.Of(Last(first.Stage)),
            Digits.Of(Last(second.Stage)),
            best
        );
        FlowStep kept = flow.Add($"{Name}: kept epoch", Kept(first.Stage), Kept(second.Stage), last);
        FlowStep state = trained[Math.Min(first.Stage.End?.KeptEpoch ?? 0, trained.Count - 1)];
        FlowStep weights = flow.Add($"{Name}: kept weights", Weights(first), Weights(second), state, kept);
        flow.Add($"{Name}: other files", OtherFiles(first, second), OtherFiles(second, first), weights);
        FlowStep predictions = flow.Add($"{Name}: predictions", Predictions(first), Predictions(second), weights);
        flow.Add($"{Name}: scores of the kept weights", KeptScores(first.Stage), KeptScores(second.Stage), predictions);
        return weights;
    }

    private static EpochEnded? Epoch((RecordedRun Run, RecordedStage Stage) of, int epoch) =>
        of.Stage.Epochs.FirstOrDefault(e => e.Epoch == epoch);

    private static string? Rate((RecordedRun Run, RecordedStage Stage) of, int epoch) =>
        Epoch(of, epoch) is { } ended ? Digits.InFull(ended.LearningRate) : null;

    private static string? State((RecordedRun Run, RecordedStage Stage) of, int epoch) => Epoch(of, epoch)?.StateSha256;

    private static int Last(RecordedStage stage) => stage.Epochs.Count == 0 ? 0 : stage.Epochs.Max(e => e.Epoch);

    private static string? Kept(RecordedStage stage) =>
        stage.End is { } end ? $"{Digits.Of(end.KeptEpoch)}{(end.StoppedEarly ? ", stopped early" : "")}" : null;

    private static string? KeptScores(RecordedStage stage) =>
        stage.End is { } end
            ? end.Kept.InFull() + (end.Test is { } test ? $"; on test images {test.InFull()}" : "")
            : null;

    private static string? Weights((RecordedRun Run, RecordedStage Stage) of) =>
        of.Stage.End is null ? null : Text(Files(of, isWeights: true));

    /// <summary>
    /// The other files that both runs kept, except traces: earlier versions of the tool kept fewer.
    /// </summary>
    private static string OtherFiles(
        (RecordedRun Run, RecordedStage Stage) of,
        (RecordedRun Run, RecordedStage Stage) other
    )
    {
        string[] paths =
        [
            .. Files(other, isWeights: false)
                .Select(file => file.Path)
                .Where(path => path != RunFolder.Trace(of.Stage.Name)),
        ];
        return Text(Files(of, isWeights: false).Where(file => paths.Contains(file.Path, StringComparer.Ordinal)));
    }

    private static IEnumerable<ArtifactWritten> Files((RecordedRun Run, RecordedStage Stage) of, bool isWeights) =>
        of.Run.Artifacts.Where(a => a.Stage == of.Stage.Name && RunFolder.IsWeights(a.Stage, a.Path) == isWeights);

    private static string Text(IEnumerable<ArtifactWritten> files) =>
        string.Join('\n', files.Select(file => $"{file.Path} with SHA-256 {file.Sha256}"));

    private static string? Predictions((RecordedRun Run, RecordedStage Stage) of) =>
        of.Stage.End is null
            ? null
            : string.Join(
                '\n',
                of.Stage.AllPredictions.Select(p =>
                    $"{of.Run.Images[p.Image].Path} {LedgerText.Probabilities(p.Probabilities)}"
                )
            );
}
