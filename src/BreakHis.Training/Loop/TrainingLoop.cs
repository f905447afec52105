using System.Diagnostics;
using BreakHis.Data;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Determinism;
using BreakHis.Training.Optimizers;
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
    private readonly LoopCheckpoints _checkpoints;
    private readonly LoopState _state;
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
        _state = new LoopState(plan.Data.Classes.Count);
        _checkpoints = new LoopCheckpoints(model, _optimizer, _state, context, cancellation);
        _watch = new StepWatch(
            model.Stage,
            plan.Threads,
            context.Warn,
            TimeProvider.System,
            () => Environment.CpuUsage.TotalTime
        );
    }

    private string Stage => _model.Stage;

    private bool OutOfPatience => _state.EarlyStopping.IsOutOfPatience(_loop);

    /// <summary>Runs the stage.</summary>
    /// <param name="fromEpochZero">
    /// Whether to evaluate before the first update. The result is reported, but its weights are never kept.
    /// </param>
    /// <param name="from">Where to resume, or null to start.</param>
    public IEnumerable<RunEvent> Run(bool fromEpochZero, ResumePoint? from)
    {
        if (from?.Checkpoint is Checkpoint checkpoint)
        {
            _checkpoints.Restore(checkpoint, from.Epochs, _loop);
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
            foreach (RunEvent e in _checkpoints.WriteIfDue())
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
        foreach (RunEvent e in _checkpoints.WriteIfDue())
        {
            yield return e;
        }
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
        foreach (RunEvent e in _checkpoints.Write(due: true))
        {
            yield return e;
        }

        if (_loop.Keep == KeptEpoch.Best)
        {
            string best =
                _state.BestWeights?.Path
                ?? throw new TrainingException(
                    $"{Stage}: the run's last checkpoint names no weights of its best epoch; delete the run's checkpoints folder to repeat the stage"
                );
            _files.Load(best, _model.State);
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
            _state.EarlyStopping.Kept(_loop, _state.Epoch),
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
            foreach (RunEvent e in _checkpoints.WriteIfDue())
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
        _state.Ended(validated, _loop);
        if (_state.EarlyStopping.BestEpoch == epoch && _loop.Keep == KeptEpoch.Best)
        {
            _checkpoints.SaveBest(epoch);
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
            _checkpoints.StateSha256()
        );

    /// <summary>A record of somebody else may name a file with other weights as those of the best epoch.</summary>
    private void RequireKeptScores(Scores validated)
    {
        int kept = _state.EarlyStopping.Kept(_loop, _state.Epoch);
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
