namespace BreakHis.Reports.Charts;

/// <summary>
/// An axis with ticks at round numbers (Heckbert 1990, Nice numbers for graph labels, Graphics Gems).
/// </summary>
/// <param name="Step">1, 2 or 5 times a power of ten.</param>
/// <param name="Count">The number of ticks, at least two.</param>
internal sealed record Axis(decimal First, decimal Step, int Count)
{
    private const double Largest = 1e15;

    public double Low => (double)First;

    public double High => (double)(First + Step * (Count - 1));

    /// <summary>The ticks, each an exact multiple of the step.</summary>
    public IEnumerable<decimal> Ticks => Enumerable.Range(0, Count).Select(i => First + Step * i);

    /// <summary>The number of decimals needed to distinguish the ticks.</summary>
    public int Decimals => Math.Max(0, (int)((decimal.GetBits(Step)[3] >> 16) & 0xff));

    /// <summary>Returns an axis around some values that starts and ends with a tick.</summary>
    /// <param name="values">The values; infinite values and NaN are ignored.</param>
    /// <param name="least">The lower limit of the axis.</param>
    /// <param name="most">The upper limit of the axis.</param>
    /// <param name="intervals">The approximate number of intervals.</param>
    public static Axis Around(IEnumerable<double> values, double least, double most, int intervals)
    {
        double[] finite =
        [
            .. values
                .Where(v => double.IsFinite(v) && Math.Abs(v) < Largest)
                .Select(v => Math.Clamp(v, least, Math.Min(most, Largest))),
        ];
        decimal low = finite.Length == 0 ? 0 : (decimal)finite.Min();
        decimal high = finite.Length == 0 ? 1 : (decimal)finite.Max();
        if (low == high)
        {
            decimal room = low == 0 ? 1 : Math.Abs(low) / 10;
            low = Math.Max(low - room, (decimal)least);
            high = most < Largest ? Math.Min(high + room, (decimal)most) : high + room;
        }

        decimal step = NiceStep((high - low) / intervals);
        decimal first = decimal.Floor(low / step) * step;
        decimal last = decimal.Ceiling(high / step) * step;
        return new Axis(first, step, (int)((last - first) / step) + 1);
    }

    /// <summary>Returns an axis of integers starting at 0.</summary>
    /// <param name="most">The largest number.</param>
    /// <param name="intervals">The approximate number of intervals.</param>
    public static Axis Whole(int most, int intervals)
    {
        int end = Math.Max(most, 1);
        decimal step = Math.Max(1, NiceStep((decimal)end / intervals));
        return new Axis(0, step, (int)decimal.Floor(end / step) + 1);
    }

    /// <summary>Returns a tick that is a share as a percentage.</summary>
    public string Percent(decimal tick) => NumberFormat.Fixed(tick * 100, Math.Max(0, Decimals - 2)) + "\u00a0%";

    /// <summary>Returns the position of a value if the axis is drawn between two positions.</summary>
    public double Along(double value, double from, double to) => from + (value - Low) / (High - Low) * (to - from);

    /// <summary>
    /// Returns the smallest value of the form 1, 2 or 5 times a power of ten that is at least the given size.
    /// </summary>
    internal static decimal NiceStep(decimal size)
    {
        decimal power = 1;
        while (power >= size * 10 && power > 1e-15m)
        {
            power /= 10;
        }

        while (power * 10 <= size)
        {
            power *= 10;
        }

        if (power > size)
        {
            power /= 10;
        }

        decimal step =
            size <= power ? power
            : size <= 2 * power ? 2 * power
            : size <= 5 * power ? 5 * power
            : 10 * power;
        // Dividing by one removes trailing zeros, which would count as decimals.
        return step / 1.0000000000000000000000000000m;
    }
}
