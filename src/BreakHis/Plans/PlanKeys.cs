using BreakHis.Json;
using BreakHis.Specs;

namespace BreakHis.Plans;

/// <summary>
/// The keys of a plan's JSON that code reads back. <see cref="PlanJson"/> also writes keys that only people read.
/// </summary>
internal static class PlanKeys
{
    /// <summary>Everything that determines the result.</summary>
    public const string Determining = "determining";

    /// <summary>The hash of what determines the result.</summary>
    public const string Fingerprint = "fingerprint";

    /// <summary>What was left out.</summary>
    public const string LeftOut = "left_out";

    /// <summary>The files that were left out, by kind.</summary>
    public const string LeftOutFiles = "left_out_files";

    /// <summary>What a reader should know about how the weights were read.</summary>
    public const string WeightsNotes = "weights_notes";

    /// <summary>How images are preprocessed.</summary>
    public const string Preprocessing = "weights_preprocessing";

    /// <summary>The spec's hash.</summary>
    public const string SpecHash = "spec_hash";

    /// <summary>In the determining part: the hash of the images and their labels.</summary>
    public const string Data = "data";

    /// <summary>In the determining part: the hash of the images' sides.</summary>
    public const string Split = "split";

    /// <summary>In the determining part: the hash of the images' patients.</summary>
    public const string Patients = "patients";

    /// <summary>In the determining part: the hash of the weights.</summary>
    public const string Weights = "weights";

    /// <summary>In the determining part: the seed.</summary>
    public static readonly string Seed = SnakeCase.Of(nameof(Plan.Seed));

    /// <summary>In the determining part, at the end of the paths of both stages: the number of steps per epoch.</summary>
    public static readonly string StepsPerEpoch = SnakeCase.Of(nameof(LoopPlan.StepsPerEpoch));

    /// <summary>In the determining part: the number of threads.</summary>
    public static readonly string Threads = SnakeCase.Of(nameof(Plan.Threads));

    /// <summary>In the determining part: the compute device.</summary>
    public static readonly string Device = SnakeCase.Of(nameof(Plan.Device));

    /// <summary>In the determining part: versions and hashes of the software.</summary>
    public static readonly string Software = SnakeCase.Of(nameof(Plan.Software));

    /// <summary>In the determining part: the path of the first trained block or layer.</summary>
    public static readonly string TrainFrom = $"{StageNames.FineTune}.{SnakeCase.Of(nameof(FineTunePlan.TrainFrom))}";
}
