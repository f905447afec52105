namespace BreakHis.Data;

/// <summary>Images or folders cannot be used as they are. The message is one line that says what to fix.</summary>
internal sealed class DataException : Exception
{
    /// <summary>Creates an error that the user can act on.</summary>
    public DataException(string message)
        : base(message) { }

    /// <summary>Creates an error that the user can act on, with its cause.</summary>
    public DataException(string message, Exception cause)
        : base(message, cause) { }

    /// <summary>The dotted path of the setting to fix.</summary>
    public string Setting { get; init; } = "data.path";
}
