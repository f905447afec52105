using System.Globalization;
using BreakHis.Runs;
using BreakHis.Training.Checkpoints;
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
        new Dictionary<string, string>(StringComparer.Ordinal) { [Loss] = Digits.InFull(state.Scores.Loss) };

    /// <summary>Returns the hash of the network and the optimizer in a checkpoint, as an epoch's record has it.</summary>
    public static string StateOf(SafeTensorsContent saved) =>
        StateHash.Of(
            saved
                .Tensors.Where(tensor => tensor.Key != Classified)
                .Select(tensor =>
                    (
                        tensor.Key.StartsWith(Network, StringComparison.Ordinal)
                            ? tensor.Key[Network.Length..]
                            : tensor.Key,
                        tensor.Value
                    )
                )
        );

    /// <summary>
    /// Restores network, optimizer, and what the current epoch has classified, from a checkpoint.
    /// </summary>
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
        if (checkpoint.Step > 0)
        {
            state.Scores.Restore(
                saved.Tensors[Classified],
                double.Parse(saved.Metadata[Loss], CultureInfo.InvariantCulture)
            );
        }
    }
}
