using System.Diagnostics;
using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>Trains one stage: epochs of steps, validation after each, the best kept, patience.</summary>
internal sealed class TrainingLoop(
    Plan plan,
    LoopPlan loop,
    Trainee trainee,
    StageFiles files,
    CancellationToken cancellation
)
{
    private readonly int[] _train = ImagesOn(plan, Side.Train);
    private readonly int[] _validation = ImagesOn(plan, Side.Validation);

    private string Stage => trainee.Stage;

    /// <summary>Runs the stage.</summary>
    /// <param name="fromEpochZero">Whether to evaluate before the first update. That state is shown, never kept.</param>
    public IEnumerable<RunEvent> Run(bool fromEpochZero)
    {
        using optim.Optimizer optimizer = Optimizers.Create(loop.Optimizer, trainee.Trained);
        Best best = Best.None;
        int epoch = 0;
        if (fromEpochZero)
        {
            var clock = Stopwatch.StartNew();
            Tally untrained = NewTally();
            foreach (Progressed progress in Validate(untrained))
            {
                yield return progress;
            }

            yield return Ended(0, null, untrained.Scores(), clock.Elapsed, TimeSpan.Zero, best);
        }

        while (epoch < loop.Epochs && !OutOfPatience(best))
        {
            epoch++;
            var clock = Stopwatch.StartNew();
            Tally tally = NewTally();
            trainee.EnterTraining();
            foreach ((int step, int[] batch) in StepsOf(epoch).Index())
            {
                cancellation.ThrowIfCancellationRequested();
                Step(optimizer, tally, batch, epoch, step);
                yield return Progress(epoch, tally.Images);
            }

            TimeSpan trained = clock.Elapsed;
            Tally validated = NewTally();
            foreach (Progressed progress in Validate(validated))
            {
                yield return progress;
            }

            DemandFinite(validated.Scores().Loss, $"on the validation images after epoch {epoch}");
            best = Keep(best, epoch, validated.Scores());
            yield return Ended(epoch, tally.Scores(), validated.Scores(), clock.Elapsed, trained, best);
        }

        foreach (RunEvent e in Conclude(best, epoch))
        {
            yield return e;
        }
    }

    private Progressed Progress(int epoch, int images) =>
        new(
            Stage,
            $"epoch {epoch}/{loop.Epochs}",
            (long)(epoch - 1) * StepImages + images,
            (long)loop.Epochs * StepImages
        );

    private bool OutOfPatience(Best best) => loop.Patience is int patience && best.Without >= patience;

    private IEnumerable<RunEvent> Conclude(Best best, int epoch)
    {
        bool keepBest = loop.Keep == KeptEpoch.Best;
        if (keepBest)
        {
            files.Load(RunFolder.Weights(Stage, "best"), trainee.State);
        }
        else
        {
            files.Save(RunFolder.Weights(Stage, "last"), trainee.State);
        }

        yield return files.Artifact(Stage, RunFolder.Weights(Stage, keepBest ? "best" : "last"));
        Tally tally = NewTally();
        foreach (int[] batch in _validation.Chunk(loop.BatchSize))
        {
            float[] probabilities = Classify(batch, tally);
            foreach (RunEvent e in Predictions(batch, probabilities))
            {
                yield return e;
            }
        }

        yield return new StageEnded(
            Stage,
            keepBest ? best.Epoch : epoch,
            epoch < loop.Epochs && OutOfPatience(best),
            tally.Scores()
        );
    }

    private IEnumerable<ImagePredicted> Predictions(int[] batch, float[] probabilities)
    {
        int classes = plan.Data.Classes.Count;
        return batch.Select(
            (image, i) => new ImagePredicted(Stage, image, probabilities[(i * classes)..((i + 1) * classes)])
        );
    }

    private void Step(optim.Optimizer optimizer, Tally tally, int[] batch, int epoch, int step)
    {
        using var scope = NewDisposeScope();
        manual_seed(unchecked((long)Draws.From(plan.Seed, $"{Stage} dropout", epoch, $"{step}").NextUInt64()));
        int[] labels = Labels(batch);
        Tensor logits = trainee.Logits(trainee.Inputs(batch, epoch));
        Tensor loss = nn.functional.cross_entropy(logits.to(float32), Targets(labels));
        double value = loss.item<float>();
        DemandFinite(value, $"in epoch {epoch}, step {step + 1}");

        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        tally.Add(Tally.Probabilities(logits), labels, value);
    }

    private void DemandFinite(double loss, string where)
    {
        if (!double.IsFinite(loss))
        {
            string what = double.IsNaN(loss) ? "not a number" : "infinite";
            throw new TrainingException($"{Stage}: the loss is {what} {where}; a smaller learning rate may help");
        }
    }

    private IEnumerable<Progressed> Validate(Tally tally)
    {
        foreach (int[] batch in _validation.Chunk(loop.BatchSize))
        {
            Classify(batch, tally);
            yield return new Progressed(Stage, "validation", tally.Images, _validation.Length);
        }
    }

    private Tally NewTally() => new(plan.Data.Classes.Count);

    private float[] Classify(int[] batch, Tally tally)
    {
        cancellation.ThrowIfCancellationRequested();
        trainee.EnterInference();
        using IDisposable noGradient = no_grad();
        using var scope = NewDisposeScope();
        int[] labels = Labels(batch);
        Tensor logits = trainee.Logits(trainee.Inputs(batch, 0));
        double loss = nn.functional.cross_entropy(logits.to(float32), Targets(labels)).item<float>();
        float[] probabilities = Tally.Probabilities(logits);
        tally.Add(probabilities, labels, loss);
        return probabilities;
    }

    private Best Keep(Best before, int epoch, Scores validated)
    {
        Best after = before.After(epoch, validated, loop.Monitor);
        if (after.Epoch == epoch && loop.Keep == KeptEpoch.Best)
        {
            files.Save(RunFolder.Weights(Stage, "best"), trainee.State);
        }

        return after;
    }

    private EpochEnded Ended(int epoch, Scores? train, Scores validated, TimeSpan all, TimeSpan trained, Best best) =>
        new(
            Stage,
            epoch,
            train,
            validated,
            loop.Optimizer.LearningRate,
            all.TotalSeconds,
            train is null ? 0 : StepImages / trained.TotalSeconds,
            best.Epoch == epoch
        );

    private IEnumerable<int[]> StepsOf(int epoch)
    {
        int[] order = Draws.From(plan.Seed, $"{Stage} order", epoch).Permutation(_train.Length);
        return order.Select(i => _train[i]).Chunk(loop.BatchSize).Take(loop.StepsPerEpoch);
    }

    /// <summary>Images trained on in an epoch.</summary>
    private int StepImages => Math.Min(_train.Length, loop.BatchSize * loop.StepsPerEpoch);

    private int[] Labels(int[] batch) => [.. batch.Select(i => plan.Data.Images[i].Class)];

    private Tensor Targets(int[] labels) =>
        tensor([.. labels.Select(label => (long)label)], device: new Device(plan.Device));

    private static int[] ImagesOn(Plan plan, Side side) =>
        [.. Enumerable.Range(0, plan.Data.Images.Count).Where(i => plan.Data.Images[i].Side == side)];
}
