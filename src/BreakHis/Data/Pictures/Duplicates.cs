using System.Collections.Concurrent;

namespace BreakHis.Data.Pictures;

/// <summary>Pictures that are there more than once.</summary>
internal static class Duplicates
{
    /// <summary>
    /// All pairs whose looks differ in at most <see cref="PictureDigest.MostDifferentBits"/> bits, the same pictures too;
    /// of pictures without any structure, whose looks say nothing, only those that are the same.
    /// Every picture is compared with every other: 31 million pairs, of BreaKHis as a whole, take a fraction of a second.
    /// </summary>
    /// <returns>Pairs of indices, First below Second, in order.</returns>
    public static IReadOnlyList<(int First, int Second)> Near(IReadOnlyList<PictureDigest> pictures)
    {
        ulong[] words = [.. pictures.SelectMany(picture => picture.Words())];
        var found = new ConcurrentBag<(int, int)>();
        Parallel.For(
            0,
            pictures.Count,
            first =>
            {
                ReadOnlySpan<ulong> look = words.AsSpan(first * 4, 4);
                for (int second = first + 1; second < pictures.Count; second++)
                {
                    ReadOnlySpan<ulong> other = words.AsSpan(second * 4, 4);
                    if (
                        PictureDigest.Distance(look, other) <= PictureDigest.MostDifferentBits
                        && (look.ContainsAnyExcept(0UL) || pictures[first].Pixels == pictures[second].Pixels)
                    )
                    {
                        found.Add((first, second));
                    }
                }
            }
        );
        return [.. found.Order()];
    }

    /// <summary>Groups of indices with the same key, those of one left out, in order of their first.</summary>
    /// <param name="keys">A key for each item.</param>
    public static IReadOnlyList<int[]> Same(IReadOnlyList<string> keys) =>
        [
            .. Enumerable
                .Range(0, keys.Count)
                .GroupBy(i => keys[i], StringComparer.Ordinal)
                .Select(group => group.ToArray())
                .Where(group => group.Length > 1),
        ];
}
