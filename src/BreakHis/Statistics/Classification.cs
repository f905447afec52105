namespace BreakHis.Statistics;

/// <summary>A classified image.</summary>
/// <param name="Patient">The number of its patient, from 0; images of unknown patients have one each.</param>
/// <param name="Truth">Its class.</param>
/// <param name="Predicted">The most probable class.</param>
/// <param name="Probabilities">One probability per class.</param>
internal sealed record Classification(int Patient, int Truth, int Predicted, IReadOnlyList<double> Probabilities)
{
    /// <summary>Whether the prediction is right.</summary>
    public bool IsCorrect => Truth == Predicted;
}
