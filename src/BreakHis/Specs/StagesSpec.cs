using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>The stages of a run.</summary>
public sealed record StagesSpec
{
    /// <summary>
    /// Trains the head on features of the backbone in inference mode; optional if fine_tune starts from random or
    /// weights.
    /// </summary>
    public BottleneckSpec? Bottleneck { get; init; }

    /// <summary>Trains the head and the upper part of the backbone together.</summary>
    public FineTuneSpec? FineTune { get; init; }
}

/// <summary>The filter that resizes images to the input size.</summary>
public enum ResizeFilter
{
    /// <summary>PIL's NEAREST.</summary>
    Nearest,

    /// <summary>PIL's BILINEAR, with antialiasing when shrinking.</summary>
    Bilinear,

    /// <summary>PIL's BICUBIC, with antialiasing when shrinking.</summary>
    Bicubic,
}

/// <summary>The epoch whose weights a stage keeps.</summary>
public enum KeptEpoch
{
    /// <summary>The best epoch by the monitored metric.</summary>
    Best,

    /// <summary>The last epoch.</summary>
    Last,
}

/// <summary>The stage that trains only the head.</summary>
public sealed record BottleneckSpec
{
    /// <summary>Height and width of the network's input in pixels; default: the backbone's input size.</summary>
    [Numbers(AtLeast = 1, AtMost = 4096)]
    public int? InputSize { get; init; }

    /// <summary>The resize filter; as in Keras, the aspect ratio is not kept.</summary>
    public ResizeFilter Resize { get; init; } = ResizeFilter.Bilinear;

    /// <summary>
    /// The head: global average pooling, hidden dense layers, and a dense layer with one unit per class.
    /// </summary>
    public HeadSpec Head { get; init; } = new();

    /// <summary>The optimizer.</summary>
    public OptimizerSpec Optimizer { get; init; } = new AdamSpec();

    /// <summary>Images per step.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The maximum number of epochs.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int Epochs { get; init; } = 20;

    /// <summary>The epoch whose weights are kept.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Best;

    /// <summary>When to stop before the last epoch; default: never.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }
}

/// <summary>The layers of the head.</summary>
public sealed record HeadSpec
{
    /// <summary>The units of each hidden dense layer; ReLU and dropout follow each.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536), Items(AtMost = 16)]
    public IReadOnlyList<int> Dense { get; init; } = [1024];

    /// <summary>The dropout rate of the hidden activations during training, at least 0 and below 1.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Dropout { get; init; } = 0.5;
}

/// <summary>The changes that a later stage makes to the head.</summary>
public sealed record HeadChangeSpec
{
    /// <summary>
    /// The units of each hidden dense layer, with start_from: random; default: as in the bottleneck stage.
    /// </summary>
    [Numbers(AtLeast = 1, AtMost = 65536), Items(AtMost = 16)]
    public IReadOnlyList<int>? Dense { get; init; }

    /// <summary>The dropout rate of this stage; default: as in the bottleneck stage.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double? Dropout { get; init; }
}

/// <summary>The validation metric that selects the best epoch and triggers early stopping.</summary>
public enum MonitoredMetric
{
    /// <summary>Fraction of images classified correctly; larger is better.</summary>
    ValidationAccuracy,

    /// <summary>Mean F1 over classes; larger is better.</summary>
    ValidationMacroF1,

    /// <summary>Mean cross-entropy; smaller is better.</summary>
    ValidationLoss,
}

/// <summary>Keras's rule: stop when the metric has not strictly improved for a number of epochs.</summary>
public sealed record EarlyStoppingSpec
{
    /// <summary>The metric that selects the best epoch if a stage does not name one.</summary>
    public const MonitoredMetric DefaultMonitor = MonitoredMetric.ValidationAccuracy;

    /// <summary>The metric to monitor; it also selects the best epoch.</summary>
    public MonitoredMetric Monitor { get; init; } = DefaultMonitor;

    /// <summary>Number of epochs without improvement after which training stops.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public required int Patience { get; init; }
}

/// <summary>The head that a stage starts from.</summary>
public enum StartFrom
{
    /// <summary>The head that the bottleneck stage kept.</summary>
    Bottleneck,

    /// <summary>A head initialised at random from the run's seed; no bottleneck stage is needed.</summary>
    Random,

    /// <summary>
    /// The head that comes with the weights, which a run kept for the same classes; no bottleneck stage is needed.
    /// </summary>
    Weights,
}

/// <summary>
/// How the backbone's batch norms behave during training. During validation all of them use the moving statistics.
/// </summary>
public enum BatchNormMode
{
    /// <summary>
    /// All normalise by the batch and update the moving statistics, including frozen ones: Keras up to 2.1.2.
    /// </summary>
    BatchStatisticsUpdating,

    /// <summary>
    /// All normalise by the batch; trained ones update the moving statistics, frozen ones do not: Keras 2.1.3 to 2.2.
    /// </summary>
    BatchStatistics,

    /// <summary>
    /// All normalise by the moving statistics and do not update them, including trained ones: TensorFlow 2's Keras if
    /// the base is called with training=False.
    /// </summary>
    Inference,

    /// <summary>
    /// Frozen ones normalise by the moving statistics and do not update them; trained ones normalise by the batch and
    /// update them: TensorFlow 2's Keras with trainable=False.
    /// </summary>
    InferenceIfFrozen,
}

/// <summary>The stage that trains the head and the upper part of the backbone.</summary>
public sealed record FineTuneSpec
{
    /// <summary>Where the head comes from.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.Bottleneck;

    /// <summary>Height and width of the network's input in pixels; default: as in the bottleneck stage.</summary>
    [Numbers(AtLeast = 1, AtMost = 4096)]
    public int? InputSize { get; init; }

    /// <summary>The resize filter; default: as in the bottleneck stage.</summary>
    public ResizeFilter? Resize { get; init; }

    /// <summary>Changes to the head.</summary>
    public HeadChangeSpec Head { get; init; } = new();

    /// <summary>The first block or Keras layer to train; all later ones are trained too.</summary>
    public required TrainFrom TrainFrom { get; init; }

    /// <summary>How the backbone's batch norms behave during training.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Inference;

    /// <summary>The fraction of a moving statistic that each step keeps, as Keras defines momentum.</summary>
    [Numbers(AtLeast = 0, AtMost = 1)]
    public double BatchNormMomentum { get; init; } = 0.99;

    /// <summary>The optimizer.</summary>
    public OptimizerSpec Optimizer { get; init; } = new SgdSpec { LearningRate = 0.0001, Momentum = 0.9 };

    /// <summary>Random changes to training images; default: none.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>Images per step; default: as in the bottleneck stage.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536)]
    public int? BatchSize { get; init; }

    /// <summary>The maximum number of epochs; default: as in the bottleneck stage.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int? Epochs { get; init; }

    /// <summary>
    /// The maximum number of steps per epoch; default: enough for all images. With fewer steps, each epoch uses only part
    /// of the images.
    /// </summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int? StepsPerEpoch { get; init; }

    /// <summary>The epoch whose weights are kept.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Best;

    /// <summary>When to stop before the last epoch; default: never.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }
}

/// <summary>A place in the backbone: a block by name, or a Keras layer by index.</summary>
/// <param name="Block">The name of the block, or null.</param>
/// <param name="KerasLayer">The index of the layer in Keras 2's layer list, or null.</param>
[ExactlyOne]
public sealed record TrainFrom(
    [property: Form("^[A-Za-z0-9_]+$(?!\\n)", "the name of a block")] string? Block,
    [property: Numbers(AtLeast = 0)] int? KerasLayer
);

/// <summary>How to fill pixels outside the image.</summary>
public enum FillMode
{
    /// <summary>Repeats the nearest border pixel.</summary>
    Nearest,

    /// <summary>Mirrors the image at its border.</summary>
    Reflect,

    /// <summary>Fills with black.</summary>
    Constant,
}

/// <summary>Random affine changes, drawn per image and epoch as in Keras's ImageDataGenerator.</summary>
public sealed record AugmentationSpec
{
    /// <summary>The largest rotation in either direction, in degrees.</summary>
    [Numbers(AtLeast = 0, AtMost = 180)]
    public double Rotation { get; init; }

    /// <summary>The largest shear in either direction, in radians.</summary>
    [Numbers(AtLeast = 0, Below = 1.5)]
    public double ShearRadians { get; init; }

    /// <summary>The zoom of each axis is drawn between 1 - zoom and 1 + zoom.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Zoom { get; init; }

    /// <summary>Mirror left to right with probability 0.5.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Mirror top to bottom with probability 0.5.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>How to fill uncovered pixels.</summary>
    public FillMode Fill { get; init; } = FillMode.Nearest;
}
