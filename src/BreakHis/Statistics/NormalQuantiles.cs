namespace BreakHis.Statistics;

/// <summary>Quantiles of the standard normal distribution.</summary>
internal static class NormalQuantiles
{
    /// <summary>The 97.5 % quantile, for two-sided tests at 5 % and intervals of 95 %.</summary>
    public const double Of975 = 1.959963984540054;

    /// <summary>The 80 % quantile, for a power of 80 %.</summary>
    public const double Of800 = 0.8416212335729143;
}
