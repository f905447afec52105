using BreakHis.Plans;

namespace BreakHis.Reports;

/// <summary>A validation or test image with its prediction.</summary>
/// <param name="Predicted">The index of the most probable class, the first one if several are equal.</param>
/// <param name="Probability">The probability of that class.</param>
internal sealed record ClassifiedImage(PlannedImage Image, int Predicted, double Probability)
{
    public bool Correct => Predicted == Image.Class;
}
