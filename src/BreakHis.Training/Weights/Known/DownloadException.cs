namespace BreakHis.Training.Weights.Known;

/// <summary>A file cannot be downloaded. The message is one line that says why, and which file to put where.</summary>
public sealed class DownloadException : Exception
{
    /// <summary>A download that failed, without a reason.</summary>
    public DownloadException() { }

    /// <summary>A download that failed.</summary>
    /// <param name="message">Which file, why, and what to do.</param>
    public DownloadException(string message)
        : base(message) { }

    /// <summary>A download that failed, and what lay behind it.</summary>
    /// <param name="message">Which file, why, and what to do.</param>
    /// <param name="inner">The error behind it.</param>
    public DownloadException(string message, Exception inner)
        : base(message, inner) { }
}
