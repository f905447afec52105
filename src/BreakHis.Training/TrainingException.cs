namespace BreakHis.Training;

/// <summary>A run cannot go on; the message is one line that says what to change.</summary>
public sealed class TrainingException(string message) : Exception(message);
