namespace BreakHis.Specs;

/// <summary>An experiment as its YAML file says it, defaults filled in. The file's keys are the snake_case of the members.</summary>
public sealed record ExperimentSpec
{
    /// <summary>The name under which runs of this spec are found.</summary>
    [Form(
        "^[A-Za-z0-9_][A-Za-z0-9._-]*$(?!\\n)",
        "a name of letters, digits, . _ and -, which begins with none of . and -",
        100
    )]
    public required string Name { get; init; }

    /// <summary>What the experiment is for, in a sentence or two; determines nothing.</summary>
    public string? About { get; init; }

    /// <summary>One run for each seed; all of a run's draws derive from its seed.</summary>
    [Items(AtLeast = 1, AtMost = SpecReader.MostVariants, Distinct = true)]
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>Threads of the numerical library. Part of the plan: another count gives other bits.</summary>
    [Numbers(AtLeast = 1, AtMost = 256)]
    public int Threads { get; init; } = 2;

    /// <summary>The arithmetic of the backbone and head.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Which images, how they are labelled and how they are divided.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The network whose features are used.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The stages to run, in order.</summary>
    public required StagesSpec Stages { get; init; }
}

/// <summary>Arithmetic precision.</summary>
public enum Precision
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>bfloat16, where the processor has it.</summary>
    Bfloat16,
}

/// <summary>Where the images come from.</summary>
public enum DataSource
{
    /// <summary>A copy of BreaKHis in its official layout.</summary>
    Breakhis,

    /// <summary>A folder a class, or such folders inside Train/ and Validate/.</summary>
    Folders,

    /// <summary>Made-up tissue in BreaKHis's layout, drawn from a seed.</summary>
    Synthetic,
}

/// <summary>What is to be predicted.</summary>
public enum LabelKind
{
    /// <summary>The eight tumour types, or for folders the folder's name.</summary>
    Subtype,

    /// <summary>Benign or malignant.</summary>
    Malignancy,
}

/// <summary>The images of an experiment.</summary>
public sealed record DataSpec
{
    /// <summary>The kind of source.</summary>
    public required DataSource Source { get; init; }

    /// <summary>The folder, relative to the spec; for breakhis and folders. Its content, not its path, is part of the fingerprint.</summary>
    [MayHoldVariables, Form("[^ ]", "a path")]
    public string? Path { get; init; }

    /// <summary>The made-up tissue to draw; for synthetic.</summary>
    public SyntheticSpec? Synthetic { get; init; }

    /// <summary>Keep only these magnifications: any of 40, 100, 200, 400. Empty keeps all.</summary>
    [Among(40, 100, 200, 400), Items(AtMost = 4, Distinct = true)]
    public IReadOnlyList<int> Magnifications { get; init; } = [];

    /// <summary>The label to predict.</summary>
    public LabelKind Label { get; init; } = LabelKind.Subtype;

    /// <summary>How images are divided into training and validation.</summary>
    public required SplitSpec Split { get; init; }
}

/// <summary>Made-up tissue.</summary>
public sealed record SyntheticSpec
{
    /// <summary>Patients of each of the eight subtypes.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000)]
    public int PatientsPerSubtype { get; init; } = 4;

    /// <summary>Images of each patient at each magnification.</summary>
    [Numbers(AtLeast = 1, AtMost = 999)]
    public int ImagesPerPatient { get; init; } = 4;

    /// <summary>Width in pixels.</summary>
    [Numbers(AtLeast = 32, AtMost = 4096)]
    public int Width { get; init; } = 350;

    /// <summary>Height in pixels.</summary>
    [Numbers(AtLeast = 32, AtMost = 4096)]
    public int Height { get; init; } = 230;

    /// <summary>The seed from which all of it is drawn.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The unit that is kept on one side of a split.</summary>
public enum SplitUnit
{
    /// <summary>All images of a patient stay on one side; stratified by label.</summary>
    Patient,

    /// <summary>Single images, stratified by label; images of one patient fall on both sides.</summary>
    Image,

    /// <summary>The folders Train and Validate as given.</summary>
    Folders,
}

/// <summary>How images are divided.</summary>
public sealed record SplitSpec
{
    /// <summary>The unit of the split.</summary>
    public required SplitUnit By { get; init; }

    /// <summary>The share of each class to validate on, above 0 and below 1.</summary>
    [Numbers(Above = 0, Below = 1)]
    public double? Validation { get; init; }

    /// <summary>Divide into this many folds and validate on one of them, instead of a share.</summary>
    [Numbers(AtLeast = 2, AtMost = 1000)]
    public int? Folds { get; init; }

    /// <summary>The fold to validate on, from 1.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000)]
    public int? Fold { get; init; }

    /// <summary>The seed of the split, apart from the run's seed so that runs of several seeds share it.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The network.</summary>
public sealed record ModelSpec
{
    /// <summary>A backbone's name.</summary>
    [BackboneName]
    public required string Backbone { get; init; }

    /// <summary><c>imagenet</c>, <c>none</c>, or a file or folder of weights, relative to the spec.</summary>
    [MayHoldVariables, Form("[^ ]", "imagenet, none or a path")]
    public string Weights { get; init; } = "imagenet";
}

/// <summary>The stages of a run.</summary>
public sealed record StagesSpec
{
    /// <summary>The head trained on features of the backbone in inference mode.</summary>
    public required BottleneckSpec Bottleneck { get; init; }

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
    /// <summary>The dropout of this stage; the bottleneck stage's where not given.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double? Dropout { get; init; }
}

/// <summary>One of the optimizers.</summary>
[Alternative("adam", typeof(AdamSpec))]
[Alternative("adamw", typeof(AdamWSpec))]
[Alternative("sgd", typeof(SgdSpec))]
public abstract record OptimizerSpec
{
    /// <summary>The learning rate, constant over the stage.</summary>
    [Numbers(Above = 0)]
    public double LearningRate { get; init; } = 0.001;
}

/// <summary>Stochastic gradient descent.</summary>
public sealed record SgdSpec : OptimizerSpec
{
    /// <summary>Momentum, from 0 to below 1.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; }

    /// <summary>L2 weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; }
}

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980).</summary>
public sealed record AdamSpec : OptimizerSpec
{
    /// <summary>Decay of the first moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The term that keeps the division finite.</summary>
    [Numbers(Above = 0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>L2 weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; }
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
public sealed record AdamWSpec : OptimizerSpec
{
    /// <summary>Decay of the first moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The term that keeps the division finite.</summary>
    [Numbers(Above = 0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; } = 0.01;
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
}

/// <summary>What a frozen batch norm does while training; trained ones always normalise by the batch and update.</summary>
public enum BatchNormMode
{
    /// <summary>Normalises by the batch and updates the moving statistics: Keras up to 2.1.2.</summary>
    BatchStatisticsUpdating,

    /// <summary>Normalises by the batch and leaves the moving statistics: Keras 2.1.3 to 2.2.</summary>
    BatchStatistics,

    /// <summary>Normalises by the moving statistics, as in inference: TensorFlow 2's Keras.</summary>
    Inference,
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

    /// <summary>What frozen batch norms do.</summary>
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
