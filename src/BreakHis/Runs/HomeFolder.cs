namespace BreakHis.Runs;

/// <summary>The folder in which everything that runs make is kept, <c>.breakhis</c> by default.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record HomeFolder(string Path)
{
    /// <summary>The ledger.</summary>
    public string Ledger => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>Where weights that do not come with the tool are looked for.</summary>
    public string Weights => System.IO.Path.Combine(Path, "weights");

    /// <summary>The files of one run.</summary>
    /// <param name="runId">The run's id.</param>
    public RunFolder Run(string runId) => new(System.IO.Path.Combine(Path, "runs", runId));

    /// <summary>The folder of one cached result.</summary>
    /// <param name="key">The hash over all that determines it.</param>
    public string Cached(string key) => System.IO.Path.Combine(Path, "cache", key);
}

/// <summary>The files of one run.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record RunFolder(string Path)
{
    /// <summary>The class names, in the order of the network's outputs.</summary>
    public const string Classes = "classes.json";

    /// <summary>Weights of a stage, relative to the folder.</summary>
    /// <param name="stage">bottleneck or fine_tune.</param>
    /// <param name="which">best or last.</param>
    public static string Weights(string stage, string which) => $"{stage}/{which}.safetensors";

    /// <summary>The absolute path of one of its files.</summary>
    /// <param name="relative">Relative path with forward slashes.</param>
    public string File(string relative) => System.IO.Path.Combine(Path, relative);
}
