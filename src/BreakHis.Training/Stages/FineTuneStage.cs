using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Inputs;
using BreakHis.Training.Loop;
using BreakHis.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>The second stage: the kept head on the backbone, the backbone trained from a block or layer upwards.</summary>
internal static class FineTuneStage
{
    /// <summary>Runs the stage.</summary>
    public static IEnumerable<RunEvent> Run(
        Plan plan,
        FineTunePlan stage,
        RunContext context,
        Checkpoint? from,
        CancellationToken cancellation
    )
    {
        yield return new StageStarted(StageNames.FineTune);
        LoopPlan loop = stage.Loop;
        using var loaded = LoadedBackbone.Load(plan);
        using var head = new Head(
            loaded.Backbone.Facts.Features,
            loop.Dense,
            plan.Data.Classes.Count,
            loop.Dropout,
            plan.Seed
        );
        head.to(new Device(plan.Device));
        new StageFiles(context.Run).Load(KeptHead(plan), head.State);
        var images = new ImageTensors(plan, context.Pictures, loaded.Preprocessing, loop.InputSize, loop.Resize);
        var network = new FineTuneNetwork(loaded, head, stage);
        StageModel model = new(
            StageNames.FineTune,
            network.Logits,
            (batch, epoch) => images.Read(batch, epoch > 0 ? stage.Augmentation : null, epoch),
            network.EnterTraining,
            network.EnterInference,
            network.Modules,
            network.Trained,
            network.State
        );
        using var training = new TrainingLoop(plan, loop, model, context, cancellation);
        foreach (RunEvent e in training.Run(fromEpochZero: true, from))
        {
            yield return e;
        }
    }

    private static string KeptHead(Plan plan) =>
        RunFolder.Weights(StageNames.Bottleneck, plan.Bottleneck.Loop.Keep == KeptEpoch.Best ? "best" : "last");
}
