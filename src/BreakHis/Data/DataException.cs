namespace BreakHis.Data;

/// <summary>Images or folders cannot be used as they are; the message is one line that says what to mend.</summary>
public sealed class DataException : Exception
{
    /// <summary>An error that a person can act on.</summary>
    public DataException(string message)
        : base(message) { }

    /// <summary>An error that a person can act on, with its cause.</summary>
    public DataException(string message, Exception cause)
        : base(message, cause) { }

    /// <summary>The setting of the spec that is to be mended, a dotted path.</summary>
    public string Setting { get; init; } = "data.path";
}
