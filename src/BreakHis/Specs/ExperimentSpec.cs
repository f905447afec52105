using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>An experiment as its YAML file says it, defaults filled in.</summary>
/// <remarks>The file's keys are the members' names in snake_case.</remarks>
public sealed record ExperimentSpec
{
    /// <summary>The name under which runs of this spec are found.</summary>
    [Form(
        "^[A-Za-z0-9_][A-Za-z0-9._-]*$(?!\\n)",
        "a name of letters, digits, '.', '_' and '-' that starts with a letter, digit or '_'",
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

    /// <summary>Whether the same bits are wanted on this kind of machine alone, or on x86-64 machines of all makers.</summary>
    [CameLater(DeterminismKind.Native)]
    public DeterminismKind Determinism { get; init; } = DeterminismKind.Native;

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
}

/// <summary>How far the same spec gives the same bits.</summary>
public enum DeterminismKind
{
    /// <summary>The fastest paths of this processor: the same bits on machines like this one.</summary>
    Native,

    /// <summary>Fixed paths: the same bits on every x86-64 processor with AVX2 and FMA.</summary>
    Portable,
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

    /// <summary>The synthetic tissue to draw; for synthetic.</summary>
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

    /// <summary>
    /// As by patient, and slides of one root (14-22549AB, 14-22549CD and 14-22549G) stay together: whether such slides are
    /// of one patient is not published.
    /// </summary>
    Root,

    /// <summary>A file that gives the side of every image.</summary>
    File,
}

/// <summary>How images are divided.</summary>
public sealed record SplitSpec
{
    /// <summary>The unit of the split.</summary>
    public required SplitUnit By { get; init; }

    /// <summary>The share of each class to validate on, above 0 and below 1.</summary>
    [Numbers(Above = 0, Below = 1)]
    public double? Validation { get; init; }

    /// <summary>
    /// The split file, relative to the spec: a CSV with the columns file and side, and perhaps fold, or one of BreaKHis's
    /// own fold files; for by: file. The sides it gives, not its path, are part of the fingerprint.
    /// </summary>
    [MayHoldVariables, Form("[^ ]", "a path")]
    public string? File { get; init; }

    /// <summary>Divide into this many folds and validate on one of them, instead of a share.</summary>
    [Numbers(AtLeast = 2, AtMost = 1000)]
    public int? Folds { get; init; }

    /// <summary>The fold to validate on, from 1; of a split file with folds, the one to take.</summary>
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
