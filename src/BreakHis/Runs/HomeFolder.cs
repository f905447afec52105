using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Specs;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Runs;

/// <summary>The folder with everything that runs produce, <c>.breakhis</c> by default.</summary>
/// <param name="Path">The absolute path.</param>
internal sealed record HomeFolder(string Path)
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "BREAKHIS_HOME";

    /// <summary>The ledger's file.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>The folder of weights that do not come with the tool.</summary>
    public string Weights => System.IO.Path.Combine(Path, "weights");

    /// <summary>Returns the folder of one backbone's weights.</summary>
    /// <param name="weights">The folder of weights, such as <see cref="Weights"/>.</param>
    public static string WeightsOf(string weights, string backbone) => System.IO.Path.Combine(weights, backbone);

    /// <summary>The folder of results that later runs can reuse, one folder each.</summary>
    public string Cache => System.IO.Path.Combine(Path, "cache");

    /// <summary>The parent folder of all run folders.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");

    /// <summary>The record file of the ledger itself, one record per line.</summary>
    public string LedgerRecords => System.IO.Path.Combine(Runs, "ledger.jsonl");

    /// <summary>The folder of imports that are not complete.</summary>
    public string Imports => System.IO.Path.Combine(Path, "imports");

    /// <summary>The folder that names the runs in quarantine.</summary>
    public string Quarantine => System.IO.Path.Combine(Path, "quarantine");

    /// <summary>The folder of signed heads.</summary>
    public string Signatures => System.IO.Path.Combine(Path, "signatures");

    private string Locks => System.IO.Path.Combine(Path, "locks");

    /// <summary>
    /// Refuses links among and below the files and folders in which the tool writes. Weights may be elsewhere.
    /// </summary>
    /// <exception cref="IOException">There is a link.</exception>
    public void RequireNoLinks()
    {
        foreach (string own in (string[])[Ledger, Runs, Cache, Imports, Quarantine, Signatures, Locks])
        {
            FileKind.RequireNoLink(own);
            if (Directory.Exists(own) && FileKind.LinkBelow(own) is string link)
            {
                FileKind.RequireNoLink(link);
            }
        }
    }

    /// <summary>Returns the folder of one run.</summary>
    /// <exception cref="IOException">The ID, which may be from somebody else's ledger, names no folder below
    /// <see cref="Runs"/>.</exception>
    public RunFolder Run(string runId) =>
        runId is "" or "." or ".." || runId.AsSpan().IndexOfAny('/', '\\', '\0') >= 0
            ? throw new IOException($"'{OneLine.Of(runId)}' is not the ID of a run")
            : new(System.IO.Path.Combine(Runs, runId));

    /// <summary>Returns the lock file of a plan; a process locks it while it works on the plan.</summary>
    public string LockOf(string fingerprint) => System.IO.Path.Combine(Locks, fingerprint);

    /// <summary>
    /// The lock file of the ledger; processes that write to it share the lock, and one that replaces it has it alone.
    /// </summary>
    public string LedgerLock => System.IO.Path.Combine(Locks, "ledger");

    /// <summary>Returns the folder of one cached result.</summary>
    /// <param name="key">The hash over everything that determines the result.</param>
    public string Cached(string key) => System.IO.Path.Combine(Cache, key);

    /// <summary>Returns the file with the hash of a cached result; it exists only if the result is complete.</summary>
    /// <param name="key">The hash over everything that determines the result.</param>
    public string CachedHash(string key) => System.IO.Path.Combine(Cached(key), "features.sha256");
}

/// <summary>The files of one run.</summary>
/// <param name="Path">The absolute path.</param>
internal sealed record RunFolder(string Path)
{
    /// <summary>How many hexadecimal digits the ID of a run has; its folder is named after it.</summary>
    public const int IdDigits = 10;

    /// <summary>The file of class names, in the order of the network's outputs.</summary>
    public const string Classes = "classes.json";

    /// <summary>
    /// The file that says how the network of the fine_tune stage reads images: preprocessing, pooling and input size.
    /// </summary>
    public const string Preprocessing = "preprocessing.safetensors";

    /// <summary>The record file of the run, one ledger record per line, relative to the folder.</summary>
    public const string Records = "record.jsonl";

    /// <summary>Returns the weights file of a stage, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="keep">The rule by which the stage chose its weights.</param>
    public static string Weights(string stage, KeptEpoch keep) => WeightsFile(stage, $"{Kept(keep)}.safetensors");

    private static string Kept(KeptEpoch keep) =>
        keep switch
        {
            KeptEpoch.Best => "best",
            KeptEpoch.Last => "last",
            _ => throw new UnreachableException($"unknown: {keep}"),
        };

    /// <summary>Returns whether a file, relative to the folder, has weights of a stage.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    public static bool IsWeights(string stage, string relative) =>
        relative.StartsWith(WeightsFile(stage, ""), StringComparison.Ordinal);

    /// <summary>Returns a weights file of a stage, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="name">The name of the file.</param>
    public static string WeightsFile(string stage, string name) => $"{stage}/{name}";

    /// <summary>The folder of checkpoints, relative to the run folder; empty once all stages have ended.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Returns the file of a checkpoint, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="epoch">The number of finished epochs.</param>
    /// <param name="step">The number of finished steps of the next epoch.</param>
    public static string CheckpointOf(string stage, int epoch, int step) =>
        Invariant($"{Checkpoints}/{stage}-{epoch}-{step}.safetensors");

    /// <summary>Returns the file of the best weights so far, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    public static string BestOf(string stage, int epoch) =>
        Invariant($"{Checkpoints}/{stage}-best-{epoch}.safetensors");

    /// <summary>Returns the trace file of a stage's steps, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    public static string Trace(string stage) => $"trace/{stage}.jsonl";

    /// <summary>Hashes one of the run's files.</summary>
    /// <param name="relative">The relative path, with forward slashes.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public HashedFile Hashed(string relative) =>
        new(relative, Sha256Hex.OfFile(File(relative)), new FileInfo(File(relative)).Length);

    /// <summary>Returns the absolute path of one of the run's files.</summary>
    /// <param name="relative">The relative path, with forward slashes.</param>
    public string File(string relative) => System.IO.Path.Combine(Path, relative);
}
