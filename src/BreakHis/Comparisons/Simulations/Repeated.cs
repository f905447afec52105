using System.Globalization;
using BreakHis.Files;
using BreakHis.Numerics;

namespace BreakHis.Comparisons.Simulations;

/// <summary>Repeats a simulation, on several cores, with random numbers that derive from the results of a comparison.</summary>
internal static class Repeated
{
    private const int HexDigits = 15;

    /// <summary>Simulates a number of times.</summary>
    /// <param name="paired">The comparison; the same results give the same random numbers.</param>
    /// <param name="purpose">The name of the round.</param>
    /// <param name="simulations">How many.</param>
    /// <param name="one">Simulates once.</param>
    /// <param name="done">Called from any thread after each.</param>
    public static T[] Of<T>(
        PairedReadings paired,
        string purpose,
        int simulations,
        Func<RandomStream, T> one,
        Action done,
        CancellationToken cancellation
    )
    {
        long seed = Seed(paired);
        var all = new T[simulations];
        ParallelWork.ForEach(
            simulations,
            i =>
            {
                all[i] = one(RandomStream.From(seed, purpose, i));
                done();
            },
            cancellation
        );
        return all;
    }

    private static long Seed(PairedReadings paired) =>
        long.Parse(
            Sha256Hex.OfText(
                string.Join(
                    '\n',
                    paired
                        .First.Concat(paired.Second)
                        .Select(images => string.Concat(images.Select(image => image.IsCorrect ? '1' : '0')))
                )
            )[..HexDigits],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );
}
