using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Ledger;

/// <summary>A synthetic run whose numbers are consistent with each other, like those of a real run.</summary>
internal sealed class ConsistentRun(long seed = 1, int images = 24, int epochs = 3)
{
    private static readonly DateTimeOffset Start = SyntheticRun.Start;

    private const int TestImages = 4;

    private readonly RandomStream _random = RandomStream.From(seed, "whole run", 0);

    /// <summary>The hash of the weights of each stage, which have 7 bytes.</summary>
    public string WeightsSha256 { get; init; } = SyntheticRun.Hash(6);

    public Plan Plan { get; } = PlanOf(seed, images, epochs);

    /// <summary>Writes the complete run, with an interruption.</summary>
    public string Write(LedgerDatabase ledger)
    {
        DateTimeOffset now = Start;
        string run = ledger.Begin(
            new NewRun(
                Plan,
                CanonicalForm.Of(Plan.Spec),
                PlanJson.Of(Plan).ToString(),
                SyntheticRun.Provenance,
                SyntheticRun.SplitChecks,
                RunProcess.Current,
                now
            )
        );
        foreach ((int i, RunEvent e) in Events().Index())
        {
            now = now.AddSeconds(1);
            ledger.Record(run, e, now);
            if (i == 3)
            {
                ledger.Finish(run, RunState.Interrupted, "interrupted by the user", now);
                ledger.Resume(run, RunProcess.Current, now);
            }
        }

        ledger.Finish(run, RunState.Finished, null, now);
        return run;
    }

    private IEnumerable<RunEvent> Events() =>
        [.. Stage("bottleneck", Plan.Bottleneck!.Loop), .. Stage("fine_tune", Plan.FineTune!.Loop), new RunEnded()];

    private IEnumerable<RunEvent> Stage(string stage, LoopPlan loop)
    {
        yield return new StageStarted(stage);
        if (stage == "bottleneck")
        {
            yield return new FeaturesReady(stage, Plan.Bottleneck!.Features.Key, false, SyntheticRun.Hash(3));
        }
        else
        {
            yield return Epoch(stage, 0, null, new Scores(2, 0.1, 0.1, 0.1), isBest: false);
        }

        ImagePredicted[] predictions = [.. Predictions(stage)];
        Scores kept = ScoresOf(predictions, Side.Validation);
        for (int epoch = 1; epoch < loop.Epochs; epoch++)
        {
            Scores worse = new(kept.Loss + loop.Epochs - epoch, 0.5, 0.5, 0.5);
            yield return Epoch(stage, epoch, new Scores(1, 0.5, 0.5, 0.5), worse, isBest: true);
        }

        yield return new CheckpointWritten(
            new Checkpoint(
                stage,
                1,
                0,
                new HashedFile(RunFolder.CheckpointOf(stage, 1, 0), SyntheticRun.Hash(4), 5),
                new HashedFile(RunFolder.BestOf(stage, 1), SyntheticRun.Hash(5), 6)
            )
        );
        yield return Epoch(stage, loop.Epochs, new Scores(1, 0.5, 0.5, 0.5), kept, isBest: true);
        yield return new ArtifactWritten(
            stage,
            stage + "/best",
            RunFolder.Weights(stage, KeptEpoch.Best),
            WeightsSha256,
            7
        );
        foreach (ImagePredicted prediction in predictions)
        {
            yield return prediction;
        }

        yield return new StageEnded(stage, loop.Epochs, false, kept) { Test = ScoresOf(predictions, Side.Test) };
    }

    private static EpochEnded Epoch(string stage, int epoch, Scores? train, Scores validation, bool isBest) =>
        new(
            stage,
            epoch,
            train,
            validation,
            0.001,
            1.5,
            epoch == 0 ? 0 : 20,
            isBest,
            epoch == 0 ? null : SyntheticRun.Hash(8),
            SyntheticRun.Hash(9)
        );

    private IEnumerable<ImagePredicted> Predictions(string stage)
    {
        foreach ((int i, PlannedImage image) in Plan.Data.Images.Index())
        {
            if (image.Side != Side.Train)
            {
                float first = (float)_random.Uniform(0.05, 0.95);
                yield return new ImagePredicted(stage, i, [first, 1 - first]);
            }
        }
    }

    private Scores ScoresOf(ImagePredicted[] all, Side side)
    {
        ImagePredicted[] predictions = [.. all.Where(p => Plan.Data.Images[p.Image].Side == side)];
        int Truth(ImagePredicted p) => Plan.Data.Images[p.Image].Class;
        var matrix = ConfusionMatrix.Of(2, predictions.Select(p => (Truth(p), p.Predicted)));
        return new Scores(
            -predictions.Average(p => Math.Log(p.Probabilities[Truth(p)])),
            matrix.Accuracy,
            matrix.MacroF1,
            matrix.BalancedAccuracy
        );
    }

    private static Plan PlanOf(long seed, int images, int epochs)
    {
        var stop = new EarlyStoppingSpec { Monitor = MonitoredMetric.ValidationLoss, Patience = 5 };
        var spec = new ExperimentSpec
        {
            Name = "whole",
            Seeds = [seed],
            Data = new DataSpec
            {
                Source = DataSource.Folders,
                Path = "images",
                Split = new SplitSpec { By = SplitUnit.Folders, Validation = 0.5 },
            },
            Model = new ModelSpec { Backbone = "inception_v3", Weights = WeightsFrom.Drawn },
            Stages = new StagesSpec
            {
                Bottleneck = new BottleneckSpec { Epochs = epochs, EarlyStopping = stop },
                FineTune = new FineTuneSpec { TrainFrom = new TrainFrom("Mixed_7a", null), EarlyStopping = stop },
            },
        };
        return PlanResolution.Resolve(
            new SpecVariant(spec, [new MatrixChoice("model.weights", "none")], null, null),
            "experiments/whole.yaml",
            new Catalogue(
                [
                    .. Enumerable
                        .Range(0, images + TestImages)
                        .Select(i => new CatalogueImage(
                            $"{(i < images ? "train" : "unseen")}/{(i % 2 == 0 ? "adenosis" : "fibroadenoma")}/{i:0000}.png",
                            SyntheticRun.Hash(1000 + i),
                            i % 2 == 0 ? "adenosis" : "fibroadenoma",
                            null,
                            $"p{i / 4}",
                            40,
                            i < images ? Side.Train : Side.Test
                        ))
                        .OrderBy(image => image.Path, StringComparer.Ordinal),
                ],
                null
            ),
            new WeightsPlan(null, "none", "drawn"),
            new MachineFacts("cpu", new Dictionary<string, string>(StringComparer.Ordinal) { ["torch"] = "none" })
        );
    }
}
