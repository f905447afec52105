using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Plans;

/// <summary>
/// One resolved run of a spec: everything that will happen, with nothing left to decide. Its members and those of its
/// records determine the result, and the fingerprint is their hash. Members that do not affect the result are marked.
/// </summary>
/// <param name="Spec">The spec of this run, with one seed and without a matrix.</param>
/// <param name="SpecFile">The spec file, as the user named it.</param>
/// <param name="SpecHash">SHA-256 of the spec's canonical form, lower-case hexadecimal.</param>
/// <param name="Choices">The values that the matrix chose for this run.</param>
/// <param name="Seed">The seed from which all random draws of the run derive.</param>
/// <param name="Threads">Number of threads of the numerical library.</param>
/// <param name="Device">The compute device: cpu or cuda.</param>
/// <param name="Determinism">How far the same fingerprint gives the same bits.</param>
/// <param name="Precision">The floating-point precision of backbone and head.</param>
/// <param name="Data">The images, with labels and sides.</param>
/// <param name="Bottleneck">The bottleneck stage, or null.</param>
/// <param name="FineTune">The fine-tune stage, or null.</param>
/// <param name="Software">Versions and hashes of the software that computes, by name.</param>
/// <param name="Fingerprint">SHA-256 over everything that determines the result, lower-case hexadecimal.</param>
public sealed record Plan(
    [property: DeterminesNothing("all of it that does is resolved in the other members")] ExperimentSpec Spec,
    [property: DeterminesNothing("a name")] string SpecFile,
    [property: DeterminesNothing("follows from the spec")] string SpecHash,
    [property: DeterminesNothing("they are in the spec")] IReadOnlyList<MatrixChoice> Choices,
    long Seed,
    int Threads,
    string Device,
    DeterminismKind Determinism,
    Precision Precision,
    string Backbone,
    [property: Inlined] DataPlan Data,
    [property: Inlined] WeightsPlan Weights,
    BottleneckPlan? Bottleneck,
    FineTunePlan? FineTune,
    IReadOnlyDictionary<string, string> Software,
    [property: DeterminesNothing("it is the hash")] string Fingerprint
)
{
    /// <summary>
    /// Environment variables that the tool removed because the plan decides threads, math paths and decoders, with their values.
    /// </summary>
    [DeterminesNothing("they have no effect")]
    public IReadOnlyList<(string Name, string Value)> RemovedVariables { get; init; } = [];

    /// <summary>The stages in execution order, with their names.</summary>
    public IEnumerable<(string Name, LoopPlan Loop)> Stages
    {
        get
        {
            if (Bottleneck is not null)
            {
                yield return (StageNames.Bottleneck, Bottleneck.Loop);
            }

            if (FineTune is not null)
            {
                yield return (StageNames.FineTune, FineTune.Loop);
            }
        }
    }
}

/// <summary>The images of a run.</summary>
/// <param name="Classes">Class names in ordinal order; an image's class is an index into them.</param>
/// <param name="Images">All images in ordinal order of path.</param>
/// <param name="Folder">The absolute folder to which paths are relative, or null for synthetic images.</param>
/// <param name="SplitFile">The absolute path of the split file, or null.</param>
/// <param name="ContentHash">SHA-256 over every image's content hash and label.</param>
/// <param name="SplitHash">SHA-256 over every image's side.</param>
/// <param name="PatientsHash">SHA-256 over every image's patient if the spec says where paths contain it, or null.</param>
/// <param name="LeftOut">What looks like images of the data set but is not used.</param>
public sealed record DataPlan(
    [property: DeterminesNothing("hashed in ContentHash")] IReadOnlyList<string> Classes,
    [property: DeterminesNothing("hashed in ContentHash and SplitHash")] IReadOnlyList<PlannedImage> Images,
    [property: DeterminesNothing("a place; what is in it is hashed")] string? Folder,
    [property: DeterminesNothing("a place; the sides it gives are hashed")] string? SplitFile,
    [property: Key(PlanKeys.Data)] string ContentHash,
    [property: Key(PlanKeys.Split)] string SplitHash,
    [property: Key(PlanKeys.Patients)] string? PatientsHash,
    [property: DeterminesNothing("not used")] IReadOnlyList<LeftOut> LeftOut
);

/// <summary>One image of a run.</summary>
/// <param name="Path">The relative path, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, or of the RGB pixels if the image is drawn in memory.</param>
/// <param name="Class">The index of its class.</param>
/// <param name="Patient">The patient (the slide's ID), or an empty string if unknown.</param>
/// <param name="Subtype">The subtype's full name, such as ductal_carcinoma, or the folder's name.</param>
/// <param name="Magnification">40, 100, 200 or 400, or 0 if unknown.</param>
public sealed record PlannedImage(
    string Path,
    string Sha256,
    int Class,
    [property: DeterminesNothing("what the split makes of it is hashed")] string Patient,
    [property: DeterminesNothing("what the label makes of it is hashed")] string Subtype,
    [property: DeterminesNothing("not used")] int Magnification,
    Side Side
);

/// <summary>The backbone's weights, resolved.</summary>
/// <param name="File">The absolute path of the file or folder, or null for none.</param>
/// <param name="Sha256">SHA-256 of the content, or <c>none</c>.</param>
/// <param name="Origin">Where the weights come from, in words.</param>
public sealed record WeightsPlan(
    [property: DeterminesNothing("a place; the content is hashed")] string? File,
    [property: Key(PlanKeys.Weights)] string Sha256,
    [property: DeterminesNothing("a text")] string Origin
)
{
    /// <summary>How images are preprocessed, if the spec says so; null if the weights do.</summary>
    [Key("preprocessing")]
    public PreprocessingSpec? Given { get; init; }

    /// <summary>The ID of the run that kept the weights, or null.</summary>
    [DeterminesNothing("a name; the content is hashed")]
    public string? Run { get; init; }

    /// <summary>The images that the weights of a run were trained on, by that run and the runs before it.</summary>
    [DeterminesNothing("follows from the weights")]
    public IReadOnlyList<TrainedImage> TrainedOn { get; init; } = [];

    /// <summary>The head that comes with the weights, or null.</summary>
    [DeterminesNothing("follows from the weights")]
    public WeightsHead? Head { get; init; }

    /// <summary>What a reader should know about how the weights were read, one line each.</summary>
    [DeterminesNothing("follows from the weights")]
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>How images are preprocessed before they enter the network, in words, or null.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? Preprocessing { get; init; }

    /// <summary>How padded average pools treat the padding, in words, or null if there are none.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? AveragePools { get; init; }

    /// <summary>Which parameters of the batch norms are trained, in words, or null.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? BatchNorms { get; init; }

    /// <summary>
    /// Height and width, in pixels, of the images that the weights were trained on, or null if unknown.
    /// </summary>
    [DeterminesNothing("follows from the weights")]
    public int? TrainedAt { get; init; }
}

/// <summary>An image that weights were trained on.</summary>
/// <param name="Sha256">SHA-256 as in <see cref="PlannedImage"/>.</param>
/// <param name="Patient">The patient, or an empty string if unknown.</param>
public sealed record TrainedImage(string Sha256, string Patient);

/// <summary>The head that comes with weights.</summary>
/// <param name="Dense">Units of the hidden layers.</param>
/// <param name="Classes">The names of the classes, in the order of the outputs.</param>
public sealed record WeightsHead(IReadOnlyList<int> Dense, IReadOnlyList<string> Classes);

/// <summary>The settings of a training loop, common to both stages.</summary>
/// <param name="InputSize">Height and width of the network's input, in pixels.</param>
/// <param name="Dense">Units of the head's hidden layers.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="Epochs">The maximum number of epochs.</param>
/// <param name="Keep">The epoch whose weights are kept.</param>
/// <param name="Monitor">The metric that selects the best epoch.</param>
/// <param name="Patience">Number of epochs without improvement before training stops, or null for no limit.</param>
public sealed record LoopPlan(
    int InputSize,
    ResizeFilter Resize,
    IReadOnlyList<int> Dense,
    double Dropout,
    OptimizerSpec Optimizer,
    int BatchSize,
    int StepsPerEpoch,
    int Epochs,
    KeptEpoch Keep,
    MonitoredMetric Monitor,
    int? Patience
);

/// <summary>The bottleneck stage, resolved.</summary>
/// <param name="Features">The features that the head is trained on.</param>
public sealed record BottleneckPlan(
    [property: Inlined] LoopPlan Loop,
    [property: DeterminesNothing("all of it is in the plan too")] FeaturesPlan Features
);

/// <summary>
/// The features of the bottleneck stage. Feature extraction gets only this plan, so nothing can change the features
/// without changing their key.
/// </summary>
/// <param name="Seed">The seed of randomly initialised weights, or null if the weights are given.</param>
/// <param name="Images">The images, in the order of the feature rows: test images come last.</param>
/// <param name="Contents">The images' SHA-256, in the same order.</param>
/// <param name="FirstTest">The index of the first test image, or null if there is none. No batch contains test images
/// and others, so that test images do not change the others' bits.</param>
/// <param name="InputSize">Height and width of the network's input, in pixels.</param>
/// <param name="Determinism">How far the same key gives the same bits.</param>
/// <param name="Device">The compute device: cpu or cuda.</param>
/// <param name="Threads">Number of threads of the numerical library.</param>
/// <param name="Software">Versions and hashes of the software that computes, by name.</param>
/// <param name="Key">SHA-256 over all of these, lower-case hexadecimal: the name of the cached features.</param>
public sealed record FeaturesPlan(
    string Backbone,
    [property: Inlined] WeightsPlan Weights,
    long? Seed,
    [property: DeterminesNothing("their contents do")] IReadOnlyList<PlannedImage> Images,
    [property: Key("images")] IReadOnlyList<string> Contents,
    int? FirstTest,
    int InputSize,
    ResizeFilter Resize,
    Precision Precision,
    DeterminismKind Determinism,
    string Device,
    int Threads,
    IReadOnlyDictionary<string, string> Software,
    [property: DeterminesNothing("it is the hash")] string Key
);

/// <summary>The fine-tune stage, resolved.</summary>
/// <param name="StartFrom">Where the head comes from.</param>
/// <param name="TrainFrom">The first block or Keras layer that is trained.</param>
/// <param name="BatchNorm">How the backbone's batch norms behave during training.</param>
/// <param name="BatchNormMomentum">The share of a moving statistic that each step keeps.</param>
/// <param name="Augmentation">Random changes to training images, or null.</param>
public sealed record FineTunePlan(
    LoopPlan Loop,
    [property: CameLater(StartFrom.Bottleneck)] StartFrom StartFrom,
    TrainFrom TrainFrom,
    BatchNormMode BatchNorm,
    double BatchNormMomentum,
    AugmentationSpec? Augmentation
);
