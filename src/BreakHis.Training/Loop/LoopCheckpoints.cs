using System.Diagnostics;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Optimizers;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>Writes the checkpoints of a training loop when they are due, and restores the loop from one.</summary>
internal sealed class LoopCheckpoints(
    StageModel model,
    OptimizerHelper optimizer,
    LoopState state,
    RunContext context,
    CancellationToken cancellation
)
{
    private readonly CheckpointFiles _files = new(context.Run, model.Stage);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private (int Epoch, int Step) _last;

    /// <summary>
    /// Writes a checkpoint if one is due, and before the run stops: between steps and during validation.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public IEnumerable<RunEvent> WriteIfDue() =>
        Write(
            cancellation.IsCancellationRequested
                || context.CheckpointInterval.IsDue(state.Epoch - _last.Epoch, _sinceLast.Elapsed)
        );

    /// <summary>
    /// Writes a checkpoint, unless it is not due or this place has one; then stops the run if it was asked to stop.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public IEnumerable<RunEvent> Write(bool due)
    {
        if (due && (state.Epoch, state.Step) != _last)
        {
            Checkpoint written = Save();
            yield return new CheckpointWritten(written);
            _files.Keep(written);
            _last = (state.Epoch, state.Step);
            _sinceLast.Restart();
        }

        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Writes the network as the weights of the best epoch.</summary>
    public void SaveBest(int epoch) => state.BestWeights = _files.SaveBest(epoch, model.State);

    /// <summary>SHA-256 of the network and the optimizer.</summary>
    public string StateSha256()
    {
        using DisposeScope scope = NewDisposeScope();
        return StateHash.Of([.. model.State, (OptimizerStateTensor.Name, OptimizerStateTensor.Of(optimizer))]);
    }

    /// <summary>
    /// Restores a checkpoint. A record of somebody else may name a file with another state, so nothing of a file from
    /// the end of an epoch is used before it is compared with the record.
    /// </summary>
    /// <param name="epochs">The recorded epochs up to the checkpoint.</param>
    /// <param name="loop">The plan by whose rule the best epoch is found again.</param>
    /// <exception cref="TrainingException">The file has another state than the record.</exception>
    public void Restore(Checkpoint checkpoint, IReadOnlyList<EpochEnded> epochs, LoopPlan loop)
    {
        using SafeTensorsContent saved = _files.Load(checkpoint);
        if (CheckpointContent.Fault(saved, checkpoint, model, state.Classes) is string fault)
        {
            throw Unusable(checkpoint, fault);
        }

        if (
            checkpoint.Step == 0
            && epochs is [.., { StateSha256: string recorded }]
            && CheckpointContent.StateOf(saved) != recorded
        )
        {
            throw Unusable(
                checkpoint,
                $"does not contain the state that was recorded after epoch {checkpoint.Epoch} of {model.Stage}"
            );
        }

        try
        {
            CheckpointContent.Restore(saved, checkpoint, model, optimizer, state);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The optimizer's state is in a format of TorchSharp's, which checks little.
            throw Unusable(checkpoint, $"cannot be restored: {OneLine.Of(e.Message)}");
        }

        foreach (EpochEnded epoch in epochs.Where(epoch => epoch.Epoch > 0))
        {
            state.Ended(epoch.Validation, loop);
        }

        _last = (state.Epoch, state.Step);
    }

    private static TrainingException Unusable(Checkpoint checkpoint, string fault) =>
        new($"{checkpoint.State.Path} {fault}; delete the run's checkpoints folder to repeat the stage");

    private Checkpoint Save()
    {
        using DisposeScope scope = NewDisposeScope();
        return _files.Save(
            state.Epoch,
            state.Step,
            CheckpointContent.Tensors(model, optimizer, state),
            CheckpointContent.Numbers(state),
            state.BestWeights
        );
    }
}
