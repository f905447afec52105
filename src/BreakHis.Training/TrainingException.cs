namespace BreakHis.Training;

/// <summary>A run cannot start or continue. The message is one line that says what to change.</summary>
internal sealed class TrainingException(string message) : Exception(message);
