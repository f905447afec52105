using System.Diagnostics;
using BreakHis.Data.Pictures;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Augmentation;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Inputs;
using BreakHis.Training.Loop;
using BreakHis.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// The stage that trains the head (of the first stage, newly drawn, or that came with the weights) and the backbone from
/// a block or layer upwards.
/// </summary>
internal static class FineTuneStage
{
    /// <summary>Runs the stage.</summary>
    public static IEnumerable<RunEvent> Run(
        Plan plan,
        FineTunePlan stage,
        RunContext context,
        ResumePoint? from,
        CancellationToken cancellation
    )
    {
        yield return new StageStarted(StageNames.FineTune);
        LoopPlan loop = stage.Loop;
        var files = new StageFiles(context.Run);
        if (plan.Bottleneck is null)
        {
            yield return files.SaveClasses(StageNames.FineTune, plan.Data.Classes);
        }

        using var loaded = LoadedBackbone.Load(plan.Backbone, plan.Weights, plan.Seed, plan.Device);
        yield return files.SavePreprocessing(loaded, loop.InputSize);
        using var head = new Head(
            loaded.Backbone.Facts.Features,
            loop.Dense,
            plan.Data.Classes.Count,
            loop.Dropout,
            plan.Seed
        );
        head.to(new Device(plan.Device));
        Start(head, plan, stage, loaded, files);
        var images = new ImageTensors(
            plan.Data.Images,
            context.Pictures,
            loaded.Preprocessing,
            loop.InputSize,
            loop.Resize,
            plan.Device
        );
        var network = new FineTuneNetwork(loaded, head, stage);
        var model = new StageModel(
            StageNames.FineTune,
            network.Logits,
            (batch, epoch) => images.Read(batch, epoch > 0 ? Change(plan, stage.Augmentation, epoch) : null),
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

    private static void Start(Head head, Plan plan, FineTunePlan stage, LoadedBackbone loaded, StageFiles files)
    {
        switch (stage.StartFrom)
        {
            case StartFrom.Bottleneck:
                files.Load(KeptHead(plan), head.State);
                break;
            case StartFrom.Random:
                break;
            case StartFrom.Weights:
                loaded.Head!.CopyTo(head.State);
                break;
            default:
                throw new UnreachableException($"unknown: {stage.StartFrom}");
        }
    }

    private static Func<string, Picture, Picture>? Change(Plan plan, AugmentationSpec? augmentation, int epoch) =>
        augmentation is null
            ? null
            : (path, picture) => RandomWarp.Apply(augmentation, plan.Seed, epoch, path, picture);

    private static string KeptHead(Plan plan) => RunFolder.Weights(StageNames.Bottleneck, plan.Bottleneck!.Loop.Keep);
}
