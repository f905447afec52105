namespace BreakHis.Statistics;

/// <summary>The outcomes of two configurations on the same images of one patient.</summary>
/// <param name="Both">The number of images that both classify correctly.</param>
/// <param name="OnlyFirst">The number that only the first classifies correctly.</param>
/// <param name="OnlySecond">The number that only the second classifies correctly.</param>
/// <param name="Neither">The number that neither classifies correctly.</param>
internal sealed record PairTable(int Both, int OnlyFirst, int OnlySecond, int Neither)
{
    /// <summary>The number of images.</summary>
    public int Images => Both + OnlyFirst + OnlySecond + Neither;

    /// <summary>How many more images the second classifies correctly.</summary>
    public int Difference => OnlySecond - OnlyFirst;

    /// <summary>Adds two tables.</summary>
    public static PairTable operator +(PairTable a, PairTable b) =>
        new(a.Both + b.Both, a.OnlyFirst + b.OnlyFirst, a.OnlySecond + b.OnlySecond, a.Neither + b.Neither);
}
