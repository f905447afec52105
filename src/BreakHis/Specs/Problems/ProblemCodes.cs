namespace BreakHis.Specs.Problems;

/// <summary>
/// All error codes: BH0 command line, BH1 specs, BH2 images, BH3 weights, BH4 ledger, BH5 runs. docs/errors.md lists
/// cause and fix for each.
/// </summary>
internal static class ProblemCodes
{
    /// <summary>The command line cannot be parsed.</summary>
    public const string CommandLine = "BH0001";

    /// <summary>A spec file cannot be read.</summary>
    public const string UnreadableFile = "BH1001";

    /// <summary>A spec file is not well-formed YAML.</summary>
    public const string NotYaml = "BH1002";

    /// <summary>A spec file uses a feature of YAML, or has a size, that specs do not support.</summary>
    public const string YamlNotTaken = "BH1003";

    /// <summary>A key occurs twice in one mapping.</summary>
    public const string DuplicateKey = "BH1004";

    /// <summary>A key is unknown at its place.</summary>
    public const string UnknownKey = "BH1005";

    /// <summary>A required key is missing.</summary>
    public const string MissingKey = "BH1006";

    /// <summary>The backbone has no block with this name.</summary>
    public const string UnknownBlock = "BH1007";

    /// <summary>A value has the wrong type for its key.</summary>
    public const string WrongType = "BH1008";

    /// <summary>A name is not one of the allowed names.</summary>
    public const string UnknownName = "BH1009";

    /// <summary>A number is out of range.</summary>
    public const string OutOfRange = "BH1010";

    /// <summary>A text does not have the required form.</summary>
    public const string TextNotAllowed = "BH1011";

    /// <summary>A list is too short, too long, or contains duplicates.</summary>
    public const string ListNotAllowed = "BH1012";

    /// <summary>None or several of the alternatives are given, but exactly one is required.</summary>
    public const string NotOneAlternative = "BH1013";

    /// <summary>The parent named by <c>extends</c> cannot be used.</summary>
    public const string BadParent = "BH1014";

    /// <summary>An override on the command line cannot be applied.</summary>
    public const string BadOverride = "BH1015";

    /// <summary>The matrix cannot be expanded.</summary>
    public const string BadMatrix = "BH1016";

    /// <summary>A variable is undefined, or is used in a place that does not allow variables.</summary>
    public const string BadVariable = "BH1017";

    /// <summary>Another setting requires a key that is missing.</summary>
    public const string DemandedKey = "BH1018";

    /// <summary>Another setting excludes a key or value that is present.</summary>
    public const string ExcludedKey = "BH1019";

    /// <summary>The input is smaller than the backbone accepts.</summary>
    public const string InputTooSmall = "BH1020";

    /// <summary>The backbone has no such Keras layer.</summary>
    public const string UnknownKerasLayer = "BH1021";

    /// <summary>A spec, or a path that it names, contains what looks like a secret.</summary>
    public const string Confidential = "BH1022";

    /// <summary>Images cannot be found, read, labelled or divided as the spec requires.</summary>
    public const string Data = "BH2001";

    /// <summary>A split leaks, and leaks are errors because of <c>--strict</c>.</summary>
    public const string Leak = "BH2002";

    /// <summary>Images are left out, and that is an error because of <c>--strict</c>.</summary>
    public const string LeftOut = "BH2003";

    /// <summary>Weights cannot be found or read, or do not fit the backbone.</summary>
    public const string Weights = "BH3001";

    /// <summary>Weights cannot be downloaded.</summary>
    public const string WeightsDownload = "BH3002";

    /// <summary>The ledger cannot be read or written.</summary>
    public const string Ledger = "BH4001";

    /// <summary>The ledger has no matching run, or more than one.</summary>
    public const string UnknownRun = "BH4002";

    /// <summary>A folder has no runs to import.</summary>
    public const string NothingToImport = "BH4003";

    /// <summary>A head of the ledger cannot be read, written or signed.</summary>
    public const string Head = "BH4004";

    /// <summary>Git cannot read the code to record, which is an error because of <c>--strict</c>.</summary>
    public const string CodeUnread = "BH4005";

    /// <summary>Two configurations cannot be compared.</summary>
    public const string NotComparable = "BH4006";

    /// <summary>A run cannot start or continue.</summary>
    public const string Training = "BH5001";

    /// <summary>The user interrupted a run.</summary>
    public const string Interrupted = "BH5002";

    /// <summary>A file or folder cannot be read or written.</summary>
    public const string FileAccess = "BH5003";

    /// <summary>A result was not reproduced: it differs from the record.</summary>
    public const string NotReproduced = "BH5004";

    /// <summary>An internal error of the tool.</summary>
    public const string Internal = "BH9001";
}
