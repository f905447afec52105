using BreakHis.Specs;
using BreakHis.Specs.Reading;

namespace BreakHis.Plans;

/// <summary>One run of a spec, resolved: everything that is to happen, and nothing that is still to be decided.</summary>
/// <param name="Spec">The spec of this run, with one seed and without a matrix.</param>
/// <param name="SpecFile">The file the spec was read from, as the user named it; determines nothing.</param>
/// <param name="SpecHash">SHA-256 of the spec's canonical form, lower-case hexadecimal.</param>
/// <param name="Choices">What the matrix chose for this run, path and value.</param>
/// <param name="Seed">The seed from which all of the run's draws derive.</param>
/// <param name="Threads">Threads of the numerical library.</param>
/// <param name="Device">The device: cpu or cuda.</param>
/// <param name="Data">The images, labelled and divided.</param>
/// <param name="Weights">The backbone's weights.</param>
/// <param name="Bottleneck">The first stage.</param>
/// <param name="FineTune">The second stage, or null.</param>
/// <param name="Software">Versions and hashes of what computes, by name; part of the fingerprint.</param>
/// <param name="Fingerprint">SHA-256 over all that determines the result, lower-case hexadecimal.</param>
public sealed record Plan(
    ExperimentSpec Spec,
    string SpecFile,
    string SpecHash,
    IReadOnlyList<MatrixChoice> Choices,
    long Seed,
    int Threads,
    string Device,
    DataPlan Data,
    WeightsPlan Weights,
    BottleneckPlan Bottleneck,
    FineTunePlan? FineTune,
    IReadOnlyDictionary<string, string> Software,
    string Fingerprint
);

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
/// <param name="Folder">The absolute folder that paths are relative to, or null for synthetic images; not in the fingerprint, while the paths in it are.</param>
/// <param name="SplitFile">The absolute file that gives the sides, or null; not in the fingerprint, while the sides in it are.</param>
/// <param name="ContentHash">SHA-256 over every image's content hash and label.</param>
/// <param name="SplitHash">SHA-256 over every image's side.</param>
public sealed record DataPlan(
    IReadOnlyList<string> Classes,
    IReadOnlyList<PlannedImage> Images,
    string? Folder,
    string? SplitFile,
    string ContentHash,
    string SplitHash
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
/// <param name="Name">What the spec said: <c>imagenet</c>, <c>none</c>, or a path.</param>
/// <param name="File">The absolute file or folder, or null for none; not in the fingerprint.</param>
/// <param name="Sha256">SHA-256 of their content, or <c>none</c>.</param>
/// <param name="Origin">Where they come from, in words.</param>
public sealed record WeightsPlan(string Name, string? File, string Sha256, string Origin)
{
    /// <summary>What pictures undergo before the network sees them, in words, or null. Follows from the weights.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>What padded average pools do with the padding, in words, or null where there are none. Follows from the weights.</summary>
    public string? AveragePools { get; init; }

    /// <summary>What of batch norms is trained, in words, or null. Follows from the weights.</summary>
    public string? BatchNorms { get; init; }

    /// <summary>Height and width, in pixels, of the pictures that they were trained on, or null where that is not known.</summary>
    public int? TrainedAt { get; init; }
}

/// <summary>The settings of a training loop, common to both stages.</summary>
/// <param name="InputSize">Height and width of the network's input, in pixels.</param>
/// <param name="Resize">The resize filter.</param>
/// <param name="Dense">Units of the head's hidden layers.</param>
/// <param name="Dropout">The head's dropout.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="StepsPerEpoch">Steps an epoch.</param>
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
/// <param name="Loop">The training loop.</param>
/// <param name="FeaturesKey">The cache key of the features: a hash over all that determines them.</param>
public sealed record BottleneckPlan(LoopPlan Loop, string FeaturesKey);

/// <summary>The fine-tune stage, resolved.</summary>
/// <param name="Loop">The training loop.</param>
/// <param name="TrainFrom">The first block or Keras layer that is trained.</param>
/// <param name="BatchNorm">What the batch norms of the backbone do in training.</param>
/// <param name="BatchNormMomentum">The share of a moving statistic kept at a step.</param>
/// <param name="Augmentation">Random changes to training images, or null.</param>
public sealed record FineTunePlan(
    LoopPlan Loop,
    TrainFrom TrainFrom,
    BatchNormMode BatchNorm,
    double BatchNormMomentum,
    AugmentationSpec? Augmentation
);
