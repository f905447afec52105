namespace BreakHis.Training.Weights;

/// <summary>Weights that cannot be had or used. The message is one line that a person can act on.</summary>
public sealed class WeightsException : Exception
{
    /// <summary>Weights that cannot be used, without a reason.</summary>
    public WeightsException() { }

    /// <summary>Weights that cannot be used.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    public WeightsException(string message)
        : base(message) { }

    /// <summary>Weights that cannot be used, and what lay behind it.</summary>
    /// <param name="message">Which file, what is wrong with it, and what was expected.</param>
    /// <param name="inner">The error behind it.</param>
    public WeightsException(string message, Exception inner)
        : base(message, inner) { }
}
