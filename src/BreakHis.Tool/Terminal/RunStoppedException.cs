namespace BreakHis.Tool.Terminal;

/// <summary>A run had begun and its record can no longer be written, so that it must not go on.</summary>
internal sealed class RunStoppedException(string message, Exception cause) : Exception(message, cause);
