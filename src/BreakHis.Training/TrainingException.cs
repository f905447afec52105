namespace BreakHis.Training;

/// <summary>A run cannot go on; the message is one line that says what to change.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error with no message of its own.</summary>
    public TrainingException() { }

    /// <summary>An error that a person can act on.</summary>
    public TrainingException(string message)
        : base(message) { }

    /// <summary>An error that a person can act on, with its cause.</summary>
    public TrainingException(string message, Exception cause)
        : base(message, cause) { }
}
