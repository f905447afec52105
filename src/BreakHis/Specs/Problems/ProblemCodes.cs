namespace BreakHis.Specs.Problems;

/// <summary>Every code a problem can carry: BH0 the command line, BH1 specs, BH2 images, BH3 weights, BH4 the ledger, BH5 a run. docs/errors.md gives each one's cause and mend.</summary>
internal static class ProblemCodes
{
    /// <summary>The command line is not understood.</summary>
    public const string CommandLine = "BH0001";

    /// <summary>A spec file cannot be read.</summary>
    public const string UnreadableFile = "BH1001";

    /// <summary>A spec file is not well-formed YAML.</summary>
    public const string NotYaml = "BH1002";

    /// <summary>A spec file uses a part of YAML, or a size, that specs do not take.</summary>
    public const string YamlNotTaken = "BH1003";

    /// <summary>A key is written twice in one mapping.</summary>
    public const string DuplicateKey = "BH1004";

    /// <summary>A key has no meaning where it stands.</summary>
    public const string UnknownKey = "BH1005";

    /// <summary>A key that must be given is missing.</summary>
    public const string MissingKey = "BH1006";

    /// <summary>A block is not one of the backbone's.</summary>
    public const string UnknownBlock = "BH1007";

    /// <summary>A value is of another type than the key takes.</summary>
    public const string WrongType = "BH1008";

    /// <summary>A name is not among the allowed ones.</summary>
    public const string UnknownName = "BH1009";

    /// <summary>A number lies outside its range.</summary>
    public const string OutOfRange = "BH1010";

    /// <summary>A text does not have the form it must have.</summary>
    public const string TextNotAllowed = "BH1011";

    /// <summary>A list is too short, too long or holds something twice.</summary>
    public const string ListNotAllowed = "BH1012";

    /// <summary>None or several of the alternatives are given where exactly one is wanted.</summary>
    public const string NotOneAlternative = "BH1013";

    /// <summary>The parent named by <c>extends</c> cannot be taken.</summary>
    public const string BadParent = "BH1014";

    /// <summary>An override on the command line cannot be applied.</summary>
    public const string BadOverride = "BH1015";

    /// <summary>The matrix cannot be laid out.</summary>
    public const string BadMatrix = "BH1016";

    /// <summary>A variable is undefined, or stands where none is allowed.</summary>
    public const string BadVariable = "BH1017";

    /// <summary>Another setting demands a key that is not given.</summary>
    public const string DemandedKey = "BH1018";

    /// <summary>Another setting excludes a key or value that is given.</summary>
    public const string ExcludedKey = "BH1019";

    /// <summary>The input is smaller than the backbone takes.</summary>
    public const string InputTooSmall = "BH1020";

    /// <summary>A Keras layer is not one of the backbone's.</summary>
    public const string UnknownKerasLayer = "BH1021";

    /// <summary>Images cannot be found, read, labelled or divided as the spec says.</summary>
    public const string Data = "BH2001";

    /// <summary>A split leaks, and was asked for strictly.</summary>
    public const string Leak = "BH2002";

    /// <summary>Weights cannot be found or read, or are not the backbone's.</summary>
    public const string Weights = "BH3001";

    /// <summary>Weights cannot be downloaded.</summary>
    public const string WeightsDownload = "BH3002";

    /// <summary>The ledger cannot be read or written.</summary>
    public const string Ledger = "BH4001";

    /// <summary>No run of the ledger, or more than one, is meant.</summary>
    public const string UnknownRun = "BH4002";

    /// <summary>A folder has no runs to import.</summary>
    public const string NothingToImport = "BH4003";

    /// <summary>A head of the ledger cannot be read, written or signed.</summary>
    public const string Head = "BH4004";

    /// <summary>A run cannot go on.</summary>
    public const string Training = "BH5001";

    /// <summary>A run was interrupted by the user.</summary>
    public const string Interrupted = "BH5002";

    /// <summary>A file or folder cannot be written or read.</summary>
    public const string FileAccess = "BH5003";

    /// <summary>What was done again came out otherwise than it is recorded.</summary>
    public const string NotReproduced = "BH5004";

    /// <summary>A fault in the tool itself.</summary>
    public const string Internal = "BH9001";
}
