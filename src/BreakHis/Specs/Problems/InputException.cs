namespace BreakHis.Specs.Problems;

/// <summary>What the user gave cannot be used; the message is one line that says what to fix.</summary>
public sealed class InputException : Exception
{
    /// <summary>An error of the command line.</summary>
    public InputException(string message)
        : this(ProblemCodes.CommandLine, message) { }

    /// <summary>An error with its code and, where there is one, its cause.</summary>
    public InputException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>An error at a place in a file.</summary>
    public InputException(Problem problem)
        : base(problem.Message) => (Code, Problem) = (problem.Code, problem);

    /// <summary>The code, one of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The error with its place, or null where it has none.</summary>
    public Problem? Problem { get; }
}
