using System.Globalization;
using BreakHis.Runs;
using BreakHis.Training.Optimizers;
using BreakHis.Training.Weights.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>
/// What a checkpoint holds of a training loop: the network's tensors, the optimizer's state as torch writes it, and how
/// far the loop has come.
/// </summary>
internal static class CheckpointContent
{
    private const string Network = "network.";
    private const string Classified = "classified";

    /// <summary>The tensors to be written, in the running dispose scope.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(
        Trainee trainee,
        OptimizerHelper optimizer,
        LoopState state
    ) =>
        [
            .. trainee.State.Select(t => (Network + t.Name, t.Tensor)),
            (OptimizerStateTensor.Name, OptimizerStateTensor.Of(optimizer)),
            (Classified, state.Tally.Classified()),
        ];

    /// <summary>The numbers to be written.</summary>
    public static IReadOnlyDictionary<string, string> Numbers(LoopState state) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["best_epoch"] = state.Best.Epoch.ToString(CultureInfo.InvariantCulture),
            ["best_value"] = state.Best.Value.ToString("R", CultureInfo.InvariantCulture),
            ["epochs_without"] = state.Best.Without.ToString(CultureInfo.InvariantCulture),
            ["loss"] = state.Tally.Loss.ToString("R", CultureInfo.InvariantCulture),
        };

    /// <summary>Puts network, optimizer and loop back to where they were.</summary>
    public static void Restore(
        SafeTensorsContent saved,
        Checkpoint checkpoint,
        Trainee trainee,
        OptimizerHelper optimizer,
        LoopState state
    )
    {
        saved.CopyTo(trainee.State.Select(t => (Network + t.Name, t.Tensor)));
        OptimizerStateTensor.Restore(optimizer, saved.Tensors[OptimizerStateTensor.Name]);
        state.Epoch = checkpoint.Epoch;
        state.Step = checkpoint.Step;
        state.BestWeights = checkpoint.Best;
        state.Best = new Best(Whole("best_epoch"), Number("best_value"), Whole("epochs_without"));
        state.Tally.Restore(saved.Tensors[Classified], Number("loss"));

        int Whole(string name) => int.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
        double Number(string name) => double.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
    }
}
