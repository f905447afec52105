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

    /// <summary>Returns why a file is no checkpoint of this stage, or null.</summary>
    /// <param name="classes">The number of classes.</param>
    public static string? Fault(SafeTensorsContent saved, Checkpoint checkpoint, StageModel model, int classes)
    {
        var network = model.State.ToDictionary(t => Network + t.Name, t => t.Tensor, StringComparer.Ordinal);
        string? foreign = saved
            .Tensors.Keys.Except([.. network.Keys, OptimizerStateTensor.Name, Classified], StringComparer.Ordinal)
            .FirstOrDefault();
        if (foreign is not null)
        {
            return $"contains '{foreign}', which no checkpoint of {model.Stage} has";
        }

        string? misfit = network
            .Where(t =>
                !saved.Tensors.TryGetValue(t.Key, out Tensor? tensor)
                || tensor.dtype != t.Value.dtype
                || !tensor.shape.SequenceEqual(t.Value.shape)
            )
            .Select(t => t.Key)
            .FirstOrDefault();
        return misfit is not null ? $"has no fitting '{misfit}'"
            : saved.Tensors.GetValueOrDefault(OptimizerStateTensor.Name)
                is not { dtype: ScalarType.Byte, Dimensions: 1 }
                ? "has no state of an optimizer"
            : saved.Tensors.GetValueOrDefault(Classified) is not { dtype: ScalarType.Int32, shape: [_, 2] } pairs
            || pairs.data<int>().Any(index => index < 0 || index >= classes)
                ? "has no classified images"
            : checkpoint.Step > 0
            && !double.IsFinite(
                double.TryParse(saved.Metadata.GetValueOrDefault(Loss), CultureInfo.InvariantCulture, out double loss)
                    ? loss
                    : double.NaN
            )
                ? "has no loss"
            : null;
    }

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
