using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>The stages of a run.</summary>
public sealed record StagesSpec
{
    /// <summary>The head trained on features of the backbone in inference mode; optional if fine_tune starts from random.</summary>
    public BottleneckSpec? Bottleneck { get; init; }

    /// <summary>Head and upper part of the backbone trained together.</summary>
    public FineTuneSpec? FineTune { get; init; }
}

/// <summary>How pictures are brought to the input size.</summary>
public enum ResizeFilter
{
    /// <summary>PIL's NEAREST.</summary>
    Nearest,

    /// <summary>PIL's BILINEAR, antialiased when shrinking.</summary>
    Bilinear,

    /// <summary>PIL's BICUBIC, antialiased when shrinking.</summary>
    Bicubic,
}

/// <summary>Which epoch's weights a stage hands on.</summary>
public enum KeptEpoch
{
    /// <summary>The best by the monitored metric.</summary>
    Best,

    /// <summary>The last one.</summary>
    Last,
}

/// <summary>The stage that trains the head alone.</summary>
public sealed record BottleneckSpec
{
    /// <summary>Height and width of the network's input in pixels; the backbone's own where not given.</summary>
    [Numbers(AtLeast = 1, AtMost = 4096)]
    public int? InputSize { get; init; }

    /// <summary>The resize filter; the aspect ratio is not kept, as in Keras.</summary>
    public ResizeFilter Resize { get; init; } = ResizeFilter.Bilinear;

    /// <summary>The head: global average pool, dense layers, and a dense layer of one unit a class.</summary>
    public HeadSpec Head { get; init; } = new();

    /// <summary>The optimizer.</summary>
    public OptimizerSpec Optimizer { get; init; } = new AdamSpec();

    /// <summary>Images a step.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536)]
    public int BatchSize { get; init; } = 32;

    /// <summary>The most epochs to train.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int Epochs { get; init; } = 20;

    /// <summary>Which epoch's weights are kept.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Best;

    /// <summary>When to stop before the last epoch; never where not given.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }
}

/// <summary>The head's layers.</summary>
public sealed record HeadSpec
{
    /// <summary>Units of each hidden dense layer, each followed by ReLU and dropout.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536), Items(AtMost = 16)]
    public IReadOnlyList<int> Dense { get; init; } = [1024];

    /// <summary>The share of hidden activations dropped in training, from 0 to below 1.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Dropout { get; init; } = 0.5;
}

/// <summary>What of the head a later stage changes.</summary>
public sealed record HeadChangeSpec
{
    /// <summary>Units of each hidden dense layer, with start_from: random; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536), Items(AtMost = 16)]
    public IReadOnlyList<int>? Dense { get; init; }

    /// <summary>The dropout of this stage; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double? Dropout { get; init; }
}

/// <summary>A quantity of the validation images that decides over best and stopping.</summary>
public enum MonitoredMetric
{
    /// <summary>Share of images classified correctly; larger is better.</summary>
    ValidationAccuracy,

    /// <summary>Mean F1 over classes; larger is better.</summary>
    ValidationMacroF1,

    /// <summary>Mean cross-entropy; smaller is better.</summary>
    ValidationLoss,
}

/// <summary>Keras's rule: stop when the metric has not strictly improved for some epochs.</summary>
public sealed record EarlyStoppingSpec
{
    /// <summary>The metric; it also decides which epoch is best.</summary>
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.ValidationAccuracy;

    /// <summary>Epochs without improvement after which training stops.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public required int Patience { get; init; }
}

/// <summary>What a stage starts from.</summary>
public enum StartFrom
{
    /// <summary>The head that the bottleneck stage kept.</summary>
    Bottleneck,

    /// <summary>A head drawn from the run's seed; no bottleneck stage is needed.</summary>
    Random,
}

/// <summary>What the batch norms of the backbone do while training. In validation all use the moving statistics.</summary>
public enum BatchNormMode
{
    /// <summary>All normalise by the batch and update the moving statistics, frozen ones too: Keras up to 2.1.2.</summary>
    BatchStatisticsUpdating,

    /// <summary>All normalise by the batch; trained ones update the moving statistics, frozen ones leave them: Keras 2.1.3 to 2.2.</summary>
    BatchStatistics,

    /// <summary>All normalise by the moving statistics and leave them, trained ones too: TensorFlow 2's Keras where the base is called with training=False.</summary>
    Inference,

    /// <summary>Frozen ones normalise by the moving statistics and leave them; trained ones normalise by the batch and update: TensorFlow 2's Keras with trainable=False.</summary>
    InferenceIfFrozen,
}

/// <summary>The stage that trains head and upper backbone.</summary>
public sealed record FineTuneSpec
{
    /// <summary>Where the head comes from.</summary>
    public StartFrom StartFrom { get; init; } = StartFrom.Bottleneck;

    /// <summary>Height and width of the network's input in pixels; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 1, AtMost = 4096)]
    public int? InputSize { get; init; }

    /// <summary>The resize filter; the bottleneck stage's where not given.</summary>
    public ResizeFilter? Resize { get; init; }

    /// <summary>Changes to the head.</summary>
    public HeadChangeSpec Head { get; init; } = new();

    /// <summary>The first block, or Keras layer, that is trained; all after it are too.</summary>
    public required TrainFrom TrainFrom { get; init; }

    /// <summary>What the backbone's batch norms do while training.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Inference;

    /// <summary>The share of a moving statistic that is kept at a step, as Keras counts it.</summary>
    [Numbers(AtLeast = 0, AtMost = 1)]
    public double BatchNormMomentum { get; init; } = 0.99;

    /// <summary>The optimizer.</summary>
    public OptimizerSpec Optimizer { get; init; } = new SgdSpec { LearningRate = 0.0001, Momentum = 0.9 };

    /// <summary>Random changes to training images; none where not given.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>Images a step; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 1, AtMost = 65536)]
    public int? BatchSize { get; init; }

    /// <summary>The most epochs to train; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int? Epochs { get; init; }

    /// <summary>Steps an epoch; all images where not given. The question's program left some out by mistake.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000000)]
    public int? StepsPerEpoch { get; init; }

    /// <summary>Which epoch's weights are kept.</summary>
    public KeptEpoch Keep { get; init; } = KeptEpoch.Best;

    /// <summary>When to stop before the last epoch; never where not given.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }
}

/// <summary>A place in the backbone: a block by name, or a Keras layer by number.</summary>
/// <param name="Block">The block's name, or null.</param>
/// <param name="KerasLayer">The layer's index in Keras 2's list, or null.</param>
[ExactlyOne]
public sealed record TrainFrom(
    [property: Form("^[A-Za-z0-9_]+$(?!\\n)", "the name of a block")] string? Block,
    [property: Numbers(AtLeast = 0)] int? KerasLayer
);

/// <summary>How pixels outside the picture are filled.</summary>
public enum FillMode
{
    /// <summary>With the nearest pixel of the border.</summary>
    Nearest,

    /// <summary>With the picture mirrored at its border.</summary>
    Reflect,

    /// <summary>With black.</summary>
    Constant,
}

/// <summary>Random affine changes, drawn for each image and epoch, as Keras's ImageDataGenerator makes them.</summary>
public sealed record AugmentationSpec
{
    /// <summary>Largest rotation either way, in degrees.</summary>
    [Numbers(AtLeast = 0, AtMost = 180)]
    public double Rotation { get; init; }

    /// <summary>Largest shear either way, in radians.</summary>
    [Numbers(AtLeast = 0, Below = 1.5)]
    public double ShearRadians { get; init; }

    /// <summary>Zoom of each axis is drawn from 1 - zoom to 1 + zoom.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Zoom { get; init; }

    /// <summary>Mirror left to right with probability one half.</summary>
    public bool HorizontalFlip { get; init; }

    /// <summary>Mirror top to bottom with probability one half.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>How uncovered pixels are filled.</summary>
    public FillMode Fill { get; init; } = FillMode.Nearest;
}
