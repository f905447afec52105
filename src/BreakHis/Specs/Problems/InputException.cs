namespace BreakHis.Specs.Problems;

/// <summary>The user's input cannot be used. The message is one line that says what to fix.</summary>
internal sealed class InputException : Exception
{
    /// <summary>Creates a command-line error.</summary>
    public InputException(string message)
        : this(ProblemCodes.CommandLine, message) { }

    /// <summary>Creates an error with a code and, if there is one, a cause.</summary>
    public InputException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>Creates an error with a place in a file.</summary>
    public InputException(Problem problem)
        : base(problem.Message) => (Code, Problem) = (problem.Code, problem);

    /// <summary>The error code, one of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The error with its place, or null if it has none.</summary>
    public Problem? Problem { get; }
}
