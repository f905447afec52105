namespace BreakHis.Training.Weights.Known;

/// <summary>How patient a download is, and what addresses it takes.</summary>
internal sealed record DownloadRules
{
    /// <summary>What users get.</summary>
    public static DownloadRules Default { get; } = new();

    /// <summary>Whether plain http to this machine is taken too; for tests, which then use no proxy.</summary>
    public bool PlainHttpToThisMachine { get; init; }

    /// <summary>The most requests for one file, redirections not counted.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after the first attempt; it doubles with each.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait for a connection.</summary>
    public TimeSpan Connection { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait for an answer, and for each further piece of it.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes taken where no length is known.</summary>
    public long MostBytes { get; init; } = 4L << 30;

    /// <summary>Whether an address may be asked.</summary>
    public bool Allow(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (PlainHttpToThisMachine && address.Scheme == Uri.UriSchemeHttp && address.Host == "127.0.0.1");
}
