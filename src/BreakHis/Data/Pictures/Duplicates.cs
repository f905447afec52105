using System.Collections.Concurrent;

namespace BreakHis.Data.Pictures;

/// <summary>Finds images that occur more than once.</summary>
internal static class Duplicates
{
    /// <summary>
    /// Returns all pairs of images whose perceptual hashes differ in at most
    /// <see cref="PictureDigest.MostDifferentBits"/> bits, including identical images. Images without any structure
    /// have meaningless hashes, so they are paired only if they are identical. Every image is compared with every
    /// other: the 31 million pairs of BreaKHis take a fraction of a second.
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

    /// <summary>Returns groups of at least two indices with the same key, in order of their first index.</summary>
    /// <param name="keys">One key per item.</param>
    public static IReadOnlyList<int[]> Same(IReadOnlyList<string> keys) =>
        [
            .. Enumerable
                .Range(0, keys.Count)
                .GroupBy(i => keys[i], StringComparer.Ordinal)
                .Select(group => group.ToArray())
                .Where(group => group.Length > 1),
        ];
}
