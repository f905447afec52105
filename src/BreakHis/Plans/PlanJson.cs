using BreakHis.Json;
using BreakHis.Specs;

namespace BreakHis.Plans;

/// <summary>Plans as canonical JSON: to be hashed, kept and shown.</summary>
public static class PlanJson
{
    /// <summary>The whole plan, its images told by their hashes and counts.</summary>
    public static CanonicalJson Of(Plan plan) =>
        CanonicalJson.Object(
            ("choices", CanonicalJson.Object(plan.Choices.Select(c => (c.Path, CanonicalJson.From(c.Value))))),
            ("determining", Determining(plan)),
            ("features_key", plan.Bottleneck.FeaturesKey),
            ("fingerprint", plan.Fingerprint),
            ("folder", plan.Data.Folder),
            ("spec_file", plan.SpecFile),
            ("spec_hash", plan.SpecHash),
            ("train_images", plan.Data.Images.Count(image => image.Side == Side.Train)),
            ("validation_images", plan.Data.Images.Count(image => image.Side == Side.Validation)),
            ("weights_average_pools", plan.Weights.AveragePools),
            ("weights_batch_norms", plan.Weights.BatchNorms),
            ("weights_file", plan.Weights.File),
            ("weights_origin", plan.Weights.Origin),
            ("weights_preprocessing", plan.Weights.Preprocessing),
            ("weights_trained_at", plan.Weights.TrainedAt is int size ? CanonicalJson.From(size) : null)
        );

    /// <summary>All that determines the result, and nothing else: the fingerprint is its hash.</summary>
    internal static CanonicalJson Determining(Plan plan) =>
        CanonicalJson.Object(
            ("backbone", plan.Spec.Model.Backbone),
            ("bottleneck", Loop(plan.Bottleneck.Loop)),
            ("data", plan.Data.ContentHash),
            ("determinism", Name(plan.Spec.Determinism)),
            ("device", plan.Device),
            ("fine_tune", plan.FineTune is null ? null : FineTune(plan.FineTune)),
            ("precision", Name(plan.Spec.Precision)),
            ("seed", plan.Seed),
            ("software", Software(plan)),
            ("split", plan.Data.SplitHash),
            ("threads", plan.Threads),
            ("weights", plan.Weights.Sha256)
        );

    /// <summary>All that determines the features of the bottleneck stage.</summary>
    internal static CanonicalJson Features(Plan plan) =>
        CanonicalJson.Object(
            ("backbone", plan.Spec.Model.Backbone),
            ("device", plan.Device),
            ("images", CanonicalJson.Array(plan.Data.Images.Select(image => CanonicalJson.From(image.Sha256)!))),
            ("input_size", plan.Bottleneck.Loop.InputSize),
            ("precision", Name(plan.Spec.Precision)),
            ("resize", Name(plan.Bottleneck.Loop.Resize)),
            ("seed", plan.Weights.File is null ? CanonicalJson.From(plan.Seed) : null),
            ("software", Software(plan)),
            ("threads", plan.Threads),
            ("weights", plan.Weights.Sha256)
        );

    private static CanonicalJson Software(Plan plan) =>
        CanonicalJson.Object(plan.Software.Select(entry => (entry.Key, CanonicalJson.From(entry.Value))));

    private static CanonicalJson Loop(LoopPlan loop) =>
        CanonicalJson.Object(
            ("batch_size", loop.BatchSize),
            ("dense", CanonicalJson.Array(loop.Dense.Select(units => CanonicalJson.From(units)))),
            ("dropout", loop.Dropout),
            ("epochs", loop.Epochs),
            ("input_size", loop.InputSize),
            ("keep", Name(loop.Keep)),
            ("monitor", Name(loop.Monitor)),
            ("optimizer", Optimizer(loop.Optimizer)),
            ("patience", loop.Patience is int patience ? CanonicalJson.From(patience) : null),
            ("resize", Name(loop.Resize)),
            ("steps_per_epoch", loop.StepsPerEpoch)
        );

    private static CanonicalJson FineTune(FineTunePlan stage) =>
        CanonicalJson.Object(
            ("augmentation", stage.Augmentation is null ? null : Augmentation(stage.Augmentation)),
            ("batch_norm", Name(stage.BatchNorm)),
            ("batch_norm_momentum", stage.BatchNormMomentum),
            ("loop", Loop(stage.Loop)),
            (
                "train_from",
                stage.TrainFrom.Block is string block
                    ? CanonicalJson.From(block)
                    : CanonicalJson.Object(("keras_layer", stage.TrainFrom.KerasLayer!.Value))
            )
        );

    private static CanonicalJson Augmentation(AugmentationSpec spec) =>
        CanonicalJson.Object(
            ("fill", Name(spec.Fill)),
            ("horizontal_flip", spec.HorizontalFlip),
            ("rotation", spec.Rotation),
            ("shear_radians", spec.ShearRadians),
            ("vertical_flip", spec.VerticalFlip),
            ("zoom", spec.Zoom)
        );

    private static CanonicalJson Optimizer(OptimizerSpec spec) =>
        spec switch
        {
            SgdSpec sgd => Named("sgd", sgd, ("momentum", sgd.Momentum), ("weight_decay", sgd.WeightDecay)),
            AdamSpec adam => Named(
                "adam",
                adam,
                ("beta1", adam.Beta1),
                ("beta2", adam.Beta2),
                ("epsilon", adam.Epsilon),
                ("weight_decay", adam.WeightDecay)
            ),
            AdamWSpec adam => Named(
                "adamw",
                adam,
                ("beta1", adam.Beta1),
                ("beta2", adam.Beta2),
                ("epsilon", adam.Epsilon),
                ("weight_decay", adam.WeightDecay)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not an optimizer"),
        };

    private static CanonicalJson Named(string name, OptimizerSpec spec, params (string, CanonicalJson?)[] settings) =>
        CanonicalJson.Object((name, CanonicalJson.Object([("learning_rate", spec.LearningRate), .. settings])));

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
