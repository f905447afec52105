using BreakHis.Data;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Wording;

namespace BreakHis.Plans;

/// <summary>Resolves specs to plans.</summary>
internal static class PlanResolution
{
    /// <summary>Resolves one run. Pure: the same arguments give the same plan.</summary>
    /// <param name="specFile">The spec file, as the user named it.</param>
    /// <param name="machine">The facts about the machine that determine the result.</param>
    /// <exception cref="DataException">The images do not fit the spec.</exception>
    public static Plan Resolve(
        SpecVariant variant,
        string specFile,
        Catalogue catalogue,
        WeightsPlan weights,
        MachineFacts machine
    )
    {
        ExperimentSpec spec = variant.Spec;
        DataPlan data = Labelling.Label(spec.Data, catalogue);
        RequireHead(spec.Stages.FineTune, weights.Head, data.Classes);
        int trainImages = data.Images.Count(image => image.Side == Side.Train);
        LoopPlan head = Bottleneck(spec.Stages.Bottleneck ?? new BottleneckSpec(), spec.Model.Backbone, trainImages);
        var plan = new Plan(
            spec,
            specFile,
            CanonicalForm.HashOf(spec),
            variant.Choices,
            spec.Seeds[0],
            spec.Threads,
            machine.Device,
            spec.Determinism,
            spec.Precision,
            spec.Model.Backbone,
            data,
            weights with
            {
                Given = spec.Model.Preprocessing,
            },
            Bottleneck: null,
            spec.Stages.FineTune is null ? null : FineTune(spec.Stages.FineTune, head, weights.Head, trainImages),
            machine.Software,
            Fingerprint: ""
        )
        {
            RemovedVariables = machine.RemovedVariables,
        };
        if (spec.Stages.Bottleneck is not null)
        {
            plan = plan with { Bottleneck = new BottleneckPlan(head, Features(plan, head)) };
        }

        return plan with
        {
            Fingerprint = PlanJson.Determining(plan).Hash(),
        };
    }

    /// <summary>Throws if the stage starts from the weights' head, and that head is missing or has other classes.</summary>
    private static void RequireHead(FineTuneSpec? stage, WeightsHead? head, IReadOnlyList<string> classes)
    {
        if (stage is not { StartFrom: StartFrom.Weights })
        {
            return;
        }

        string? wrong =
            head is null ? "the weights have no head to start from; those that a run kept have one"
            : !head.Classes.SequenceEqual(classes, StringComparer.Ordinal)
                ? $"the head of the weights is for the classes {Listing.Words(head.Classes)}; the images have {Listing.Words(classes)}"
            : null;
        if (wrong is not null)
        {
            throw new DataException(wrong) { Setting = $"stages.{StageNames.FineTune}.start_from" };
        }
    }

    private static LoopPlan Bottleneck(BottleneckSpec stage, string backbone, int trainImages) =>
        new(
            stage.InputSize ?? BackboneFacts.Find(backbone)!.InputSize,
            stage.Resize,
            stage.Head.Dense,
            stage.Head.Dropout,
            stage.Optimizer,
            stage.BatchSize,
            Steps(trainImages, stage.BatchSize),
            stage.Epochs,
            stage.Keep,
            stage.EarlyStopping?.Monitor ?? EarlyStoppingSpec.DefaultMonitor,
            stage.EarlyStopping?.Patience
        );

    private static FeaturesPlan Features(Plan plan, LoopPlan loop)
    {
        int others = plan.Data.Images.Count(image => image.Side != Side.Test);
        bool hasTest = others < plan.Data.Images.Count;
        IReadOnlyList<PlannedImage> images = hasTest
            ? [.. plan.Data.Images.OrderBy(image => image.Side == Side.Test)]
            : plan.Data.Images;
        var features = new FeaturesPlan(
            plan.Backbone,
            plan.Weights,
            plan.Weights.File is null ? plan.Seed : null,
            images,
            [.. images.Select(image => image.Sha256)],
            hasTest ? others : null,
            loop.InputSize,
            loop.Resize,
            plan.Precision,
            plan.Determinism,
            plan.Device,
            plan.Threads,
            plan.Software,
            Key: ""
        );
        return features with { Key = PlanJson.Determining(features).Hash() };
    }

    private static FineTunePlan FineTune(FineTuneSpec stage, LoopPlan before, WeightsHead? given, int trainImages)
    {
        int batchSize = stage.BatchSize ?? before.BatchSize;
        int steps = Steps(trainImages, batchSize);
        var loop = new LoopPlan(
            stage.InputSize ?? before.InputSize,
            stage.Resize ?? before.Resize,
            stage.StartFrom == StartFrom.Weights ? given!.Dense : stage.Head.Dense ?? before.Dense,
            stage.Head.Dropout ?? before.Dropout,
            stage.Optimizer,
            batchSize,
            Math.Min(stage.StepsPerEpoch ?? steps, steps),
            stage.Epochs ?? before.Epochs,
            stage.Keep,
            stage.EarlyStopping?.Monitor ?? EarlyStoppingSpec.DefaultMonitor,
            stage.EarlyStopping?.Patience
        );
        return new FineTunePlan(
            loop,
            stage.StartFrom,
            stage.TrainFrom,
            stage.BatchNorm,
            stage.BatchNormMomentum,
            stage.Augmentation
        );
    }

    private static int Steps(int images, int batchSize) => (images + batchSize - 1) / batchSize;
}
