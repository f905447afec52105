namespace BreakHis.Training.Weights.Known;

/// <summary>Timeouts, retries, and the addresses that a download may use.</summary>
internal sealed record DownloadRules
{
    /// <summary>The rules in production.</summary>
    public static DownloadRules Default { get; } = new();

    /// <summary>Whether plain http to this machine is allowed. For tests, which then use no proxy.</summary>
    public bool PlainHttpToThisMachine { get; init; }

    /// <summary>Maximum number of requests for one file, without redirections.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause after the first attempt. It doubles with each further attempt.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Timeout for a connection.</summary>
    public TimeSpan Connection { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Timeout for a response, and for each further chunk.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum number of bytes if the length is unknown.</summary>
    public long MostBytes { get; init; } = 4L << 30;

    /// <summary>Whether an address is allowed.</summary>
    public bool Allow(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps
        || (PlainHttpToThisMachine && address.Scheme == Uri.UriSchemeHttp && address.Host == "127.0.0.1");
}
