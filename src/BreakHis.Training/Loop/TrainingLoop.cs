using System.Diagnostics;
using BreakHis.Data;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Determinism;
using BreakHis.Training.Optimizers;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>
/// Trains one stage: epochs of steps with validation after each, early stopping, the best weights, checkpoints.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly Plan _plan;
    private readonly LoopPlan _loop;
    private readonly StageModel _model;
    private readonly Classification _classification;
    private readonly StageFiles _files;
    private readonly RunContext _context;
    private readonly CancellationToken _cancellation;
    private readonly TrainingSteps _steps;
    private readonly int[] _validation;
    private readonly int[] _test;
    private readonly OptimizerHelper _optimizer;
    private readonly CheckpointFiles _checkpoints;
    private readonly LoopState _state;
    private readonly Stopwatch _sinceCheckpoint = Stopwatch.StartNew();
    private (int Epoch, int Step) _lastCheckpoint;
    private readonly StepWatch _watch;
    private StepTrace? _trace;

    public TrainingLoop(Plan plan, LoopPlan loop, StageModel model, RunContext context, CancellationToken cancellation)
    {
        (_plan, _loop, _model, _context, _cancellation) = (plan, loop, model, context, cancellation);
        _classification = new Classification(plan, model, loop.BatchSize);
        _files = new StageFiles(context.Run);
        _steps = new TrainingSteps(plan, loop, model.Stage, ImagesOn(plan, Side.Train));
        _validation = ImagesOn(plan, Side.Validation);
        _test = ImagesOn(plan, Side.Test);
        _optimizer = OptimizerFactory.Create(loop.Optimizer, model.Trained);
        _checkpoints = new CheckpointFiles(context.Run, model.Stage);
        _state = new LoopState(plan.Data.Classes.Count);
        _watch = new StepWatch(
            model.Stage,
            plan.Threads,
            context.Warn,
            TimeProvider.System,
            () => Environment.CpuUsage.TotalTime
        );
    }

    private string Stage => _model.Stage;

    private bool OutOfPatience => _state.EarlyStopping.IsOutOf(_loop.Patience);

    /// <summary>Runs the stage.</summary>
    /// <param name="fromEpochZero">
    /// Whether to evaluate before the first update. The result is reported, but its weights are never kept.
    /// </param>
    /// <param name="from">Where to resume, or null to start.</param>
    public IEnumerable<RunEvent> Run(bool fromEpochZero, ResumePoint? from)
    {
        if (from?.Checkpoint is Checkpoint checkpoint)
        {
            Restore(checkpoint, from.Epochs);
        }

        int stepsDone = (_state.Epoch * _loop.StepsPerEpoch) + _state.Step;
        _trace = _context.Traced ? StepTrace.Begin(_context.Run, _model, _optimizer, stepsDone) : null;
        IEnumerable<RunEvent> untrained = fromEpochZero && from?.Checkpoint is null ? Untrained() : [];
        return untrained.Concat(Epochs()).Concat(Conclude());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trace?.Dispose();
        _watch.Dispose();
        _optimizer.Dispose();
    }

    private IEnumerable<RunEvent> Untrained()
    {
        var clock = Stopwatch.StartNew();
        ScoreAccumulator accumulator = NoScores();
        foreach (RunEvent e in Validate(accumulator))
        {
            yield return e;
        }

        yield return Ended(0, null, accumulator.Scores(), clock.Elapsed, 0);
    }

    private IEnumerable<RunEvent> Epochs()
    {
        while (_state.Epoch < _loop.Epochs && !OutOfPatience)
        {
            foreach (RunEvent e in Epoch(_state.Epoch + 1))
            {
                yield return e;
            }
        }
    }

    private IEnumerable<RunEvent> Epoch(int epoch)
    {
        var clock = Stopwatch.StartNew();
        int imagesBefore = _state.Scores.Images;
        _model.EnterTraining();
        foreach (int[] batch in _steps.Of(epoch).Skip(_state.Step))
        {
            foreach (RunEvent e in CheckpointWhereDue())
            {
                yield return e;
            }

            _watch.Begin(epoch, _state.Step + 1);
            Step(batch, epoch);
            _watch.End();
            yield return Progress(epoch, _state.Scores.Images);
        }

        double speed = (_state.Scores.Images - imagesBefore) / clock.Elapsed.TotalSeconds;
        ScoreAccumulator validated = NoScores();
        foreach (RunEvent e in Validate(validated))
        {
            yield return e;
        }

        DemandFinite(validated.Scores().Loss, $"on the validation images after epoch {epoch}");
        Keep(epoch, validated.Scores());
        Scores trained = _state.Scores.Scores();
        (_state.Epoch, _state.Step, _state.Scores) = (epoch, 0, NoScores());
        yield return Ended(epoch, trained, validated.Scores(), clock.Elapsed, speed);
        foreach (RunEvent e in CheckpointWhereDue())
        {
            yield return e;
        }
    }

    /// <summary>
    /// Writes a checkpoint if one is due, and before the run stops: between steps and during validation.
    /// </summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    private IEnumerable<RunEvent> CheckpointWhereDue() =>
        CheckpointWhere(
            _cancellation.IsCancellationRequested
                || _context.CheckpointInterval.IsDue(_state.Epoch - _lastCheckpoint.Epoch, _sinceCheckpoint.Elapsed)
        );

    private IEnumerable<RunEvent> CheckpointWhere(bool due)
    {
        if (due && (_state.Epoch, _state.Step) != _lastCheckpoint)
        {
            Checkpoint written = Save();
            yield return new CheckpointWritten(written);
            _checkpoints.Keep(written);
            _lastCheckpoint = (_state.Epoch, _state.Step);
            _sinceCheckpoint.Restart();
        }

        _cancellation.ThrowIfCancellationRequested();
    }

    private Checkpoint Save()
    {
        using DisposeScope scope = NewDisposeScope();
        return _checkpoints.Save(
            _state.Epoch,
            _state.Step,
            CheckpointContent.Tensors(_model, _optimizer, _state),
            CheckpointContent.Numbers(_state),
            _state.BestWeights
        );
    }

    private Progressed Progress(int epoch, int images) =>
        new(
            Stage,
            StageActivity.Training,
            epoch,
            (long)(epoch - 1) * _steps.ImagesPerEpoch + images,
            (long)_loop.Epochs * _steps.ImagesPerEpoch
        );

    private IEnumerable<RunEvent> Conclude()
    {
        // Loading the best weights replaces the state that a checkpoint contains.
        foreach (RunEvent e in CheckpointWhere(due: true))
        {
            yield return e;
        }

        if (_loop.Keep == KeptEpoch.Best)
        {
            _files.Load(_state.BestWeights!.Path, _model.State);
        }

        string kept = RunFolder.Weights(Stage, _loop.Keep);
        _files.Save(kept, _model.State);
        yield return _files.Artifact(Stage, kept);
        if (_trace is not null)
        {
            yield return _files.Artifact(Stage, RunFolder.Trace(Stage));
        }

        (ScoreAccumulator validated, ScoreAccumulator tested) = (NoScores(), NoScores());
        foreach (RunEvent e in _classification.Predict(_validation, StageActivity.Validation, validated, _cancellation))
        {
            yield return e;
        }

        RequireKeptScores(validated.Scores());
        foreach (RunEvent e in _classification.Predict(_test, StageActivity.Test, tested, _cancellation))
        {
            yield return e;
        }

        yield return new StageEnded(
            Stage,
            _state.EarlyStopping.Kept(_loop.Keep, _state.Epoch),
            _state.Epoch < _loop.Epochs && OutOfPatience,
            validated.Scores()
        )
        {
            Test = _test.Length == 0 ? null : tested.Scores(),
        };
        _files.DeleteCheckpoints();
    }

    private void Step(int[] batch, int epoch)
    {
        using DisposeScope scope = NewDisposeScope();
        int step = _state.Step;
        ulong dropoutSeed = RandomStream.From(_plan.Seed, $"{Stage} dropout", epoch, $"{step}").NextUInt64();
        Seeds.Set(dropoutSeed, _plan.Device);
        int[] labels = _classification.Labels(batch);
        Tensor inputs = _model.Inputs(batch, epoch);
        _trace?.Begin(epoch, step + 1, _steps.Contents(batch), inputs, dropoutSeed);
        Tensor logits = _model.Logits(inputs);
        Tensor loss = _classification.Loss(logits, labels);
        double value = loss.item<float>();
        DemandFinite(value, $"in epoch {epoch}, step {step + 1}");

        _optimizer.zero_grad();
        loss.backward();
        _trace?.Propagated(value);
        _optimizer.step();
        _trace?.End();
        _state.Scores.Add(ScoreAccumulator.Probabilities(logits), labels, value);
        _state.Step++;
    }

    private void DemandFinite(double loss, string where)
    {
        if (!double.IsFinite(loss))
        {
            string what = double.IsNaN(loss) ? "not a number" : "infinite";
            throw new TrainingException($"{Stage}: the loss is {what} {where}; a smaller learning rate may help");
        }
    }

    private IEnumerable<RunEvent> Validate(ScoreAccumulator accumulator)
    {
        foreach (int[] batch in _validation.Chunk(_loop.BatchSize))
        {
            foreach (RunEvent e in CheckpointWhereDue())
            {
                yield return e;
            }

            _classification.Classify(batch, accumulator);
            yield return new Progressed(Stage, StageActivity.Validation, 0, accumulator.Images, _validation.Length);
        }
    }

    private ScoreAccumulator NoScores() => new(_plan.Data.Classes.Count);

    private void Keep(int epoch, Scores validated)
    {
        _state.Ended(validated, _loop.Monitor);
        if (_state.EarlyStopping.BestEpoch == epoch && _loop.Keep == KeptEpoch.Best)
        {
            _state.BestWeights = _checkpoints.SaveBest(epoch, _model.State);
        }
    }

    private EpochEnded Ended(int epoch, Scores? train, Scores validated, TimeSpan time, double speed) =>
        new(
            Stage,
            epoch,
            train,
            validated,
            _loop.Optimizer.LearningRate,
            time.TotalSeconds,
            speed,
            _state.EarlyStopping.BestEpoch == epoch,
            epoch == 0 ? null : _steps.OrderHash(epoch),
            State()
        );

    private string State()
    {
        using DisposeScope scope = NewDisposeScope();
        return StateHash.Of([.. _model.State, (OptimizerStateTensor.Name, OptimizerStateTensor.Of(_optimizer))]);
    }

    /// <summary>
    /// Restores a checkpoint. A record of somebody else may name a file with another state, so nothing of a file from
    /// the end of an epoch is used before it is compared with the record.
    /// </summary>
    private void Restore(Checkpoint checkpoint, IReadOnlyList<EpochEnded> epochs)
    {
        using SafeTensorsContent saved = _checkpoints.Load(checkpoint);
        if (
            checkpoint.Step == 0
            && epochs is [.., { StateSha256: string recorded }]
            && CheckpointContent.StateOf(saved) != recorded
        )
        {
            throw new TrainingException(
                $"{checkpoint.State.Path} does not contain the state that was recorded after epoch {checkpoint.Epoch} of {Stage}; delete the run's checkpoints folder to repeat the stage"
            );
        }

        CheckpointContent.Restore(saved, checkpoint, _model, _optimizer, _state);
        foreach (EpochEnded epoch in epochs.Where(epoch => epoch.Epoch > 0))
        {
            _state.Ended(epoch.Validation, _loop.Monitor);
        }

        _lastCheckpoint = (_state.Epoch, _state.Step);
    }

    /// <summary>A record of somebody else may name a file with other weights as those of the best epoch.</summary>
    private void RequireKeptScores(Scores validated)
    {
        int kept = _state.EarlyStopping.Kept(_loop.Keep, _state.Epoch);
        if (validated != _state.Validated[kept - 1])
        {
            throw new TrainingException(
                $"the weights kept from epoch {kept} of {Stage} do not give the scores that were recorded after it; a file among the run's checkpoints was changed"
            );
        }
    }

    private static int[] ImagesOn(Plan plan, Side side) =>
        [.. Enumerable.Range(0, plan.Data.Images.Count).Where(i => plan.Data.Images[i].Side == side)];
}
