using BreakHis.Wording;

namespace BreakHis.Training.Weights;

/// <summary>
/// Weights are unavailable or unusable. The message is one line that a person can act on. It may quote arbitrary
/// content of a file, so text beyond a thousand characters is cut.
/// </summary>
internal sealed class WeightsException : Exception
{
    private const int Longest = 1000;

    /// <summary>Creates an exception for unusable weights.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message)
        : base(Cut(message)) { }

    /// <summary>Creates an exception for unusable weights, with its cause.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message, Exception inner)
        : base(Cut(message), inner) { }

    private static string Cut(string message) => OneLine.Of(Clipped.To(Longest, message));
}
