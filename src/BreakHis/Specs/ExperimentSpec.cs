using System.Text.RegularExpressions;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>An experiment as described by its YAML file, with defaults filled in.</summary>
/// <remarks>The keys of the file are the members' names in snake_case.</remarks>
public sealed record ExperimentSpec
{
    /// <summary>The maximum number of threads.</summary>
    public const int MostThreads = 256;

    private const string NamePattern = "^[A-Za-z0-9_][A-Za-z0-9._-]*$(?!\\n)";
    private const int LongestName = 100;

    /// <summary>The name under which to find the runs of this spec.</summary>
    [Form(
        NamePattern,
        "a name of letters, digits, '.', '_' and '-' that starts with a letter, digit or '_'",
        LongestName
    )]
    public required string Name { get; init; }

    /// <summary>Returns whether a text can be a spec's name, and part of a file name.</summary>
    public static bool IsName(string text) =>
        text.Length <= LongestName && Regex.IsMatch(text, NamePattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>The purpose of the experiment, in a sentence or two; has no effect on results.</summary>
    public string? About { get; init; }

    /// <summary>
    /// The difference in accuracy that does not matter when runs are compared, in percentage points; has no effect on
    /// results.
    /// </summary>
    [Numbers(Above = 0, Below = 100)]
    public double? Margin { get; init; }

    /// <summary>The seeds: one run per seed. All random draws of a run derive from its seed.</summary>
    [Items(AtLeast = 1, AtMost = SpecReader.MostVariants, Distinct = true)]
    public IReadOnlyList<long> Seeds { get; init; } = [1];

    /// <summary>
    /// Number of threads of the numerical library. Part of the plan: a different count gives different bits.
    /// </summary>
    [Numbers(AtLeast = 1, AtMost = MostThreads)]
    public int Threads { get; init; } = 2;

    /// <summary>The floating-point precision of backbone and head.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>
    /// Where results are reproduced bit for bit: on the same kind of machine, or on x86-64 machines of any vendor.
    /// </summary>
    [CameLater(DeterminismKind.Native)]
    public DeterminismKind Determinism { get; init; } = DeterminismKind.Native;

    /// <summary>The images, their labels and their split.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>The network that computes the features.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The stages to run, in order.</summary>
    public required StagesSpec Stages { get; init; }
}

/// <summary>Floating-point precision.</summary>
public enum Precision
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,
}

/// <summary>How far the same spec gives the same bits.</summary>
public enum DeterminismKind
{
    /// <summary>The fastest code paths of this processor: the same bits on machines like this one.</summary>
    Native,

    /// <summary>Fixed code paths: the same bits on every x86-64 processor with AVX2 and FMA.</summary>
    Portable,
}

/// <summary>The kind of image source.</summary>
public enum DataSource
{
    /// <summary>Files named as in BreaKHis, in any folders.</summary>
    Breakhis,

    /// <summary>One folder per class, at the top level or inside Train/ and Validate/.</summary>
    Folders,

    /// <summary>Synthetic tissue in BreaKHis's layout, drawn from a seed.</summary>
    Synthetic,
}

/// <summary>The label to predict.</summary>
public enum LabelKind
{
    /// <summary>The eight tumour types; for source folders, the folder's name.</summary>
    Subtype,

    /// <summary>Benign or malignant.</summary>
    Malignancy,
}

/// <summary>The images of an experiment.</summary>
public sealed record DataSpec
{
    /// <summary>The kind of image source.</summary>
    public required DataSource Source { get; init; }

    /// <summary>
    /// The image folder, relative to the spec; for breakhis and folders. Its content, not its path, is part of the
    /// fingerprint.
    /// </summary>
    [MayHoldVariables, Form("[^ ]", "a path")]
    public string? Path { get; init; }

    /// <summary>The synthetic tissue to draw; for source synthetic.</summary>
    public SyntheticSpec? Synthetic { get; init; }

    /// <summary>The magnifications to use: any of 40, 100, 200, 400. Empty uses all.</summary>
    [Among(40, 100, 200, 400), Items(AtMost = 4, Distinct = true)]
    public IReadOnlyList<int> Magnifications { get; init; } = [];

    /// <summary>
    /// Images to leave out, such as damaged ones; for breakhis and folders. Each item is an image's path below data.path,
    /// or as much of its end as identifies it.
    /// </summary>
    [Form("[^ ]", "a path"), Items(AtLeast = 1, Distinct = true)]
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>
    /// Where an image's path contains its patient; for folders. Without it, only BreaKHis file names give a patient.
    /// </summary>
    public PatientRule? Patient { get; init; }

    /// <summary>The label to predict.</summary>
    public LabelKind Label { get; init; } = LabelKind.Subtype;

    /// <summary>How to divide the images into training images and validation images.</summary>
    public required SplitSpec Split { get; init; }
}

/// <summary>Where an image's path, relative to data.path, contains its patient.</summary>
/// <param name="Level">The level of the folder that is named after the patient: 1 is the first folder of the path.</param>
/// <param name="Pattern">A regular expression without lookaround and backreferences. Its first group, or without groups
/// its match, is the patient.</param>
[ExactlyOne]
public sealed record PatientRule(
    [property: Numbers(AtLeast = 1, AtMost = 60)] int? Level,
    [property: Form("[^ ]", "a regular expression", 1000)] string? Pattern
)
{
    // Without backtracking, the time is linear in the length of the path, whatever the pattern.
    internal const RegexOptions PatternOptions = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
}

/// <summary>Synthetic tissue.</summary>
public sealed record SyntheticSpec
{
    // An image of 4 megapixels takes half a gigabyte while it is drawn.
    internal const int MostPixels = 4_194_304;

    /// <summary>Number of patients of each of the eight subtypes.</summary>
    [Numbers(AtLeast = 1, AtMost = 1000)]
    public int PatientsPerSubtype { get; init; } = 4;

    /// <summary>Number of images per patient and magnification.</summary>
    [Numbers(AtLeast = 1, AtMost = 999)]
    public int ImagesPerPatient { get; init; } = 4;

    /// <summary>Image width in pixels.</summary>
    [Numbers(AtLeast = 32, AtMost = 4096)]
    public int Width { get; init; } = 350;

    /// <summary>Image height in pixels.</summary>
    [Numbers(AtLeast = 32, AtMost = 4096)]
    public int Height { get; init; } = 230;

    /// <summary>The seed from which the tissue is drawn.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The unit that a split keeps on one side.</summary>
public enum SplitUnit
{
    /// <summary>All images of a patient are on the same side; stratified by label.</summary>
    Patient,

    /// <summary>Images are divided one by one, stratified by label; images of one patient are on both sides.</summary>
    Image,

    /// <summary>Folders for the sides, such as Train, Validate and Test, as they are.</summary>
    Folders,

    /// <summary>
    /// Like patient, but slides with the same number (14-22549AB, 14-22549CD and 14-22549G) stay together: whether such
    /// slides are from one patient is not published.
    /// </summary>
    Root,

    /// <summary>A file that lists the side of each image.</summary>
    File,
}

/// <summary>How to divide the images.</summary>
public sealed record SplitSpec
{
    /// <summary>The unit of the split.</summary>
    public required SplitUnit By { get; init; }

    /// <summary>
    /// The fraction of each class to use for validation, above 0 and below 1. For by: folders and by: file, only if they
    /// give no validation images; these are then drawn from the training images.
    /// </summary>
    [Numbers(Above = 0, Below = 1)]
    public double? Validation { get; init; }

    /// <summary>
    /// The split file, relative to the spec; for by: file. A file with columns for image or patient, and for side or fold
    /// or both; one of BreaKHis's own fold files; or a folder with one list per side, such as train.txt and test.txt. The
    /// sides in it, not its path, are part of the fingerprint.
    /// </summary>
    [MayHoldVariables, Form("[^ ]", "a path")]
    public string? File { get; init; }

    /// <summary>Number of folds; one of them is used for validation. Replaces validation.</summary>
    [Numbers(AtLeast = 2, AtMost = 1000)]
    public int? Folds { get; init; }

    /// <summary>
    /// The fold to use for validation, counted from 1. For a split file with folds, the fold to use, as numbered there.
    /// </summary>
    [Numbers(AtLeast = 0, AtMost = 1000)]
    public int? Fold { get; init; }

    /// <summary>
    /// The seed of the split, separate from the run's seed so that runs with different seeds share a split.
    /// </summary>
    public long Seed { get; init; } = 1;
}

/// <summary>The network.</summary>
public sealed record ModelSpec
{
    /// <summary>The name of the backbone.</summary>
    [BackboneName]
    public required string Backbone { get; init; }

    /// <summary>
    /// The backbone's weights: <c>imagenet</c>, <c>none</c>, the name of weights in the weights folder, a weights file or
    /// folder, relative to the spec, or the weights that a run kept.
    /// </summary>
    public WeightsFrom Weights { get; init; } = WeightsFrom.ImageNet;

    /// <summary>How images are preprocessed for weights that do not say so themselves; default: as the weights say.</summary>
    public PreprocessingSpec? Preprocessing { get; init; }
}

/// <summary>
/// How images are preprocessed before they enter the network: (x - mean) / std, for each channel, with x from 0 to range.
/// </summary>
public sealed record PreprocessingSpec
{
    /// <summary>The number subtracted from each channel: red, green and blue, or blue, green and red.</summary>
    [Items(AtLeast = Channels, AtMost = Channels), Numbers(AtLeast = -LargestNumber, AtMost = LargestNumber)]
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>The number by which each channel is divided, in the same order.</summary>
    [Items(AtLeast = Channels, AtMost = Channels), Numbers(AtLeast = SmallestStd, AtMost = LargestNumber)]
    public required IReadOnlyList<double> Std { get; init; }

    /// <summary>The order of the channels.</summary>
    public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

    /// <summary>The value of the brightest pixel, to which mean and std refer.</summary>
    [Among(1, 255)]
    public int Range { get; init; } = 1;

    private const int Channels = 3;

    // Beyond these, no image has such pixels, and the values in float32 become infinite.
    private const double LargestNumber = 1000;
    private const double SmallestStd = 1e-6;
}

/// <summary>The order of a network's input channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}
