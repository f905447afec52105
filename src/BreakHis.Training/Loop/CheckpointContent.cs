using System.Globalization;
using BreakHis.Runs;
using BreakHis.Training.Optimizers;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>
/// What a checkpoint contains of a training loop: the network's tensors, the optimizer's state as torch writes it, and
/// the loop's progress.
/// </summary>
internal static class CheckpointContent
{
    private const string Network = "network.";
    private const string Classified = "classified";
    private const string BestEpoch = "best_epoch";
    private const string BestValue = "best_value";
    private const string EpochsWithout = "epochs_without";
    private const string Loss = "loss";

    /// <summary>The tensors to write, in the current dispose scope.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(
        StageModel model,
        OptimizerHelper optimizer,
        LoopState state
    ) =>
        [
            .. model.State.Select(t => (Network + t.Name, t.Tensor)),
            (OptimizerStateTensor.Name, OptimizerStateTensor.Of(optimizer)),
            (Classified, state.Scores.Classified()),
        ];

    /// <summary>The numbers to write.</summary>
    public static IReadOnlyDictionary<string, string> Numbers(LoopState state) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BestEpoch] = Digits.Of(state.EarlyStopping.BestEpoch),
            [BestValue] = Digits.InFull(state.EarlyStopping.BestValue),
            [EpochsWithout] = Digits.Of(state.EarlyStopping.EpochsWithoutImprovement),
            [Loss] = Digits.InFull(state.Scores.Loss),
        };

    /// <summary>Restores network, optimizer and loop from a checkpoint.</summary>
    public static void Restore(
        SafeTensorsContent saved,
        Checkpoint checkpoint,
        StageModel model,
        OptimizerHelper optimizer,
        LoopState state
    )
    {
        saved.CopyTo(model.State.Select(t => (Network + t.Name, t.Tensor)));
        OptimizerStateTensor.Restore(optimizer, saved.Tensors[OptimizerStateTensor.Name]);
        state.Epoch = checkpoint.Epoch;
        state.Step = checkpoint.Step;
        state.BestWeights = checkpoint.Best;
        state.EarlyStopping = new EarlyStopping(Whole(BestEpoch), Number(BestValue), Whole(EpochsWithout));
        state.Scores.Restore(saved.Tensors[Classified], Number(Loss));

        int Whole(string name) => int.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
        double Number(string name) => double.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
    }
}
