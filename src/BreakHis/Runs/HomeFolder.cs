using System.Globalization;
using BreakHis.Files;

namespace BreakHis.Runs;

/// <summary>The folder in which everything that runs make is kept, <c>.breakhis</c> by default.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record HomeFolder(string Path)
{
    /// <summary>The ledger.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>Where weights that do not come with the tool are looked for.</summary>
    public string Weights => System.IO.Path.Combine(Path, "weights");

    /// <summary>Results that later runs may take again, a folder each.</summary>
    public string Cache => System.IO.Path.Combine(Path, "cache");

    /// <summary>The folder of all runs' folders.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");

    /// <summary>The records of the ledger itself, a line each.</summary>
    public string LedgerRecords => System.IO.Path.Combine(Runs, "ledger.jsonl");

    /// <summary>The folder of signed heads.</summary>
    public string Signatures => System.IO.Path.Combine(Path, "signatures");

    /// <summary>The files of one run.</summary>
    public RunFolder Run(string runId) => new(System.IO.Path.Combine(Runs, runId));

    /// <summary>The file that a process holds locked while it works on a plan.</summary>
    public string LockOf(string fingerprint) => System.IO.Path.Combine(Path, "locks", fingerprint);

    /// <summary>The folder of one cached result.</summary>
    /// <param name="key">The hash over all that determines it.</param>
    public string Cached(string key) => System.IO.Path.Combine(Cache, key);

    /// <summary>The file that says that a cached result is whole, by its hash.</summary>
    /// <param name="key">The hash over all that determines it.</param>
    public string CachedHash(string key) => System.IO.Path.Combine(Cached(key), "features.sha256");
}

/// <summary>The files of one run.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The class names, in the order of the network's outputs.</summary>
    public const string Classes = "classes.json";

    /// <summary>What the ledger recorded of the run, a line a record, relative to the folder.</summary>
    public const string Records = "record.jsonl";

    /// <summary>Weights of a stage, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="which">best or last.</param>
    public static string Weights(string stage, string which) => $"{stage}/{which}.safetensors";

    /// <summary>The folder of what is needed to go on, relative to the folder; empty once all stages have ended.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>A checkpoint, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="epoch">Epochs that have ended.</param>
    /// <param name="step">Steps done of the next.</param>
    public static string CheckpointOf(string stage, int epoch, int step) =>
        string.Create(CultureInfo.InvariantCulture, $"{Checkpoints}/{stage}-{epoch}-{step}.safetensors");

    /// <summary>The weights of the best epoch so far, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    public static string BestOf(string stage, int epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{Checkpoints}/{stage}-best-{epoch}.safetensors");

    /// <summary>The trace of a stage's steps, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    public static string Trace(string stage) => $"trace/{stage}.jsonl";

    /// <summary>One of its files by its content.</summary>
    /// <param name="relative">Relative path with forward slashes.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public HashedFile Hashed(string relative) =>
        new(relative, Sha256Hex.OfFile(File(relative)), new FileInfo(File(relative)).Length);

    /// <summary>The absolute path of one of its files.</summary>
    /// <param name="relative">Relative path with forward slashes.</param>
    public string File(string relative) => System.IO.Path.Combine(Path, relative);
}
