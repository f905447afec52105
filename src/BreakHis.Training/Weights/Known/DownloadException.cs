namespace BreakHis.Training.Weights.Known;

/// <summary>
/// A download failed. The message is one line that gives the reason, and says which file to put where.
/// </summary>
/// <param name="message">Which file, why, and what to do.</param>
internal sealed class DownloadException(string message) : Exception(message);
