namespace BreakHis.Training.Weights;

/// <summary>
/// Weights are unavailable or unusable. The message is one line that a person can act on. It may quote arbitrary
/// content of a file, so control characters become spaces, and text beyond a thousand characters is cut.
/// </summary>
public sealed class WeightsException : Exception
{
    /// <summary>Creates an exception for unusable weights.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message)
        : base(OneLine(message)) { }

    /// <summary>Creates an exception for unusable weights, with its cause.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message, Exception inner)
        : base(OneLine(message), inner) { }

    private static string OneLine(string message)
    {
        const int Longest = 1000;
        string cut = message.Length > Longest ? message[..Longest] + " ..." : message;
        return string.Concat(cut.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
    }
}
