namespace BreakHis.Training.Weights.Known;

/// <summary>A file cannot be downloaded. The message is one line that says why, and which file to put where.</summary>
/// <param name="message">Which file, why, and what to do.</param>
public sealed class DownloadException(string message) : Exception(message);
