namespace BreakHis.Specs.Problems;

/// <summary>What the user gave cannot be used; the message is one line that says what to mend.</summary>
public sealed class InputException : Exception
{
    /// <summary>An error of the command line.</summary>
    public InputException(string message)
        : this(ProblemCodes.CommandLine, message) { }

    /// <summary>An error of the command line, with its cause.</summary>
    public InputException(string message, Exception cause)
        : base(message, cause) => Code = ProblemCodes.CommandLine;

    /// <summary>An error with its code.</summary>
    public InputException(string code, string message)
        : base(message) => Code = code;

    /// <summary>An error at a place in a file.</summary>
    public InputException(Problem problem)
        : base(problem.Message) => (Code, Problem) = (problem.Code, problem);

    /// <summary>The code, one of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; }

    /// <summary>The error with its place, or null where it has none.</summary>
    public Problem? Problem { get; }
}
