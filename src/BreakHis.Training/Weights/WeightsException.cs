namespace BreakHis.Training.Weights;

/// <summary>
/// Weights that cannot be had or used. The message is one line that a person can act on: what it quotes of a file may hold
/// anything, so control characters become spaces, and more than a thousand characters are cut.
/// </summary>
public sealed class WeightsException : Exception
{
    /// <summary>Weights that cannot be used.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message)
        : base(OneLine(message)) { }

    /// <summary>Weights that cannot be used, and what lay behind it.</summary>
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
