namespace BreakHis.Tool.Terminal;

/// <summary>The record of a run can no longer be written, so the run must stop.</summary>
internal sealed class RunStoppedException(string message, Exception cause) : Exception(message, cause);
