using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Plans;

/// <summary>
/// One run of a spec, resolved: everything that is to happen, and nothing that is still to be decided. Its members, and
/// those of the records in it, are what determines the result, and the fingerprint is their hash; what does not is
/// marked.
/// </summary>
/// <param name="Spec">The spec of this run, with one seed and without a matrix.</param>
/// <param name="SpecFile">The file the spec was read from, as the user named it.</param>
/// <param name="SpecHash">SHA-256 of the spec's canonical form, lower-case hexadecimal.</param>
/// <param name="Choices">What the matrix chose for this run, path and value.</param>
/// <param name="Seed">The seed from which all of the run's draws derive.</param>
/// <param name="Threads">Threads of the numerical library.</param>
/// <param name="Device">The device: cpu or cuda.</param>
/// <param name="Determinism">How far the same fingerprint gives the same bits.</param>
/// <param name="Precision">The arithmetic of backbone and head.</param>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="Data">The images, labelled and divided.</param>
/// <param name="Bottleneck">The bottleneck stage, or null.</param>
/// <param name="FineTune">The fine-tune stage, or null.</param>
/// <param name="Software">Versions and hashes of what computes, by name.</param>
/// <param name="Fingerprint">SHA-256 over all that determines the result, lower-case hexadecimal.</param>
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
    /// <summary>The stages in order, by name.</summary>
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

/// <summary>The side of the split that an image is on.</summary>
public enum Side
{
    /// <summary>Trained on.</summary>
    Train,

    /// <summary>Validated on; never trained on.</summary>
    Validation,
}

/// <summary>The images of a run.</summary>
/// <param name="Classes">Class names in ordinal order; an image's class is an index into them.</param>
/// <param name="Images">All images in ordinal order of path.</param>
/// <param name="Folder">The absolute folder that paths are relative to, or null for synthetic images.</param>
/// <param name="SplitFile">The absolute file that gives the sides, or null.</param>
/// <param name="ContentHash">SHA-256 over every image's content hash and label.</param>
/// <param name="SplitHash">SHA-256 over every image's side.</param>
public sealed record DataPlan(
    [property: DeterminesNothing("hashed in ContentHash")] IReadOnlyList<string> Classes,
    [property: DeterminesNothing("hashed in ContentHash and SplitHash")] IReadOnlyList<PlannedImage> Images,
    [property: DeterminesNothing("a place; what is in it is hashed")] string? Folder,
    [property: DeterminesNothing("a place; the sides it gives are hashed")] string? SplitFile,
    [property: Key("data")] string ContentHash,
    [property: Key("split")] string SplitHash
);

/// <summary>One image of a run.</summary>
/// <param name="Path">Relative path with forward slashes.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, or of the RGB pixels where the image is made in memory.</param>
/// <param name="Class">Index of its class.</param>
/// <param name="Patient">The patient (the slide's id), or the empty string where it is not known.</param>
/// <param name="Subtype">The subtype's full name, such as ductal_carcinoma, or the folder's name.</param>
/// <param name="Magnification">40, 100, 200 or 400, or 0 where it is not known.</param>
/// <param name="Side">The side of the split.</param>
public sealed record PlannedImage(
    string Path,
    string Sha256,
    int Class,
    string Patient,
    string Subtype,
    int Magnification,
    Side Side
);

/// <summary>The backbone's weights as resolved.</summary>
/// <param name="File">The absolute file or folder, or null for none.</param>
/// <param name="Sha256">SHA-256 of their content, or <c>none</c>.</param>
/// <param name="Origin">Where they come from, in words.</param>
public sealed record WeightsPlan(
    [property: DeterminesNothing("a place; the content is hashed")] string? File,
    [property: Key("weights")] string Sha256,
    [property: DeterminesNothing("a text")] string Origin
)
{
    /// <summary>What pictures undergo before the network sees them, in words, or null.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? Preprocessing { get; init; }

    /// <summary>What padded average pools do with the padding, in words, or null where there are none.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? AveragePools { get; init; }

    /// <summary>What of batch norms is trained, in words, or null.</summary>
    [DeterminesNothing("follows from the weights")]
    public string? BatchNorms { get; init; }

    /// <summary>Height and width, in pixels, of the pictures that they were trained on, or null where that is not known.</summary>
    [DeterminesNothing("follows from the weights")]
    public int? TrainedAt { get; init; }
}

/// <summary>The settings of a training loop, common to both stages.</summary>
/// <param name="InputSize">Height and width of the network's input, in pixels.</param>
/// <param name="Dense">Units of the head's hidden layers.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="Epochs">The most epochs.</param>
/// <param name="Keep">Which epoch's weights are kept.</param>
/// <param name="Monitor">The metric that decides which is best.</param>
/// <param name="Patience">Epochs without improvement before stopping, or null for never.</param>
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
/// The features of the bottleneck stage: all that their extraction gets to see, so that nothing can move them without
/// moving their key.
/// </summary>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Seed">The seed of weights that are drawn; null where they are given.</param>
/// <param name="Images">The images, in the order of the features' rows.</param>
/// <param name="Contents">The images' SHA-256, in the same order.</param>
/// <param name="InputSize">Height and width of the network's input, in pixels.</param>
/// <param name="Precision">The arithmetic.</param>
/// <param name="Determinism">How far the same key gives the same bits.</param>
/// <param name="Device">The device: cpu or cuda.</param>
/// <param name="Threads">Threads of the numerical library.</param>
/// <param name="Software">Versions and hashes of what computes, by name.</param>
/// <param name="Key">SHA-256 over all of that, lower-case hexadecimal: the name under which features are kept.</param>
public sealed record FeaturesPlan(
    string Backbone,
    [property: Inlined] WeightsPlan Weights,
    long? Seed,
    [property: DeterminesNothing("their contents do")] IReadOnlyList<PlannedImage> Images,
    [property: Key("images")] IReadOnlyList<string> Contents,
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
/// <param name="BatchNorm">What the batch norms of the backbone do in training.</param>
/// <param name="BatchNormMomentum">The share of a moving statistic kept at a step.</param>
/// <param name="Augmentation">Random changes to training images, or null.</param>
public sealed record FineTunePlan(
    LoopPlan Loop,
    [property: CameLater(StartFrom.Bottleneck)] StartFrom StartFrom,
    TrainFrom TrainFrom,
    BatchNormMode BatchNorm,
    double BatchNormMomentum,
    AugmentationSpec? Augmentation
);
