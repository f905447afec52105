using System.Collections.Concurrent;

namespace BreakHis.Data.Pictures;

/// <summary>Finds images that occur more than once.</summary>
internal static class Duplicates
{
    /// <summary>
    /// Returns all pairs of images that look nearly the same, one of them perhaps turned or mirrored, including
    /// identical images. Images that are too flat to compare are paired only if they are identical. Every image is
    /// compared with every other.
    /// </summary>
    /// <returns>The pairs in order.</returns>
    public static IReadOnlyList<NearPair> Near(IReadOnlyList<PictureDigest> pictures)
    {
        DifferenceHash[] looks = [.. pictures.Select(picture => DifferenceHash.Parse(picture.Look))];
        bool[] flat = [.. looks.Select(look => look.IsTooFlat)];
        ulong[][] words = [.. looks.Select(look => look.Words())];
        var found = new ConcurrentBag<NearPair>();
        Parallel.For(
            0,
            pictures.Count,
            first =>
            {
                ulong[][] turned = [.. looks[first].Orientations().Select(look => look.Words())];
                for (int second = first + 1; second < pictures.Count; second++)
                {
                    int orientation =
                        pictures[first].Pixels == pictures[second].Pixels ? 0
                        : flat[first] || flat[second] ? -1
                        : Array.FindIndex(turned, look => DifferenceHash.IsAlike(look, words[second]));
                    if (orientation >= 0)
                    {
                        found.Add(new NearPair(first, second, orientation > 0));
                    }
                }
            }
        );
        return [.. found.OrderBy(pair => pair.First).ThenBy(pair => pair.Second)];
    }

    /// <summary>Returns whether each image is too flat to compare with others.</summary>
    public static IEnumerable<bool> TooFlat(IEnumerable<PictureDigest> pictures) =>
        pictures.Select(picture => DifferenceHash.Parse(picture.Look).IsTooFlat);

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

/// <summary>Two images that look nearly the same.</summary>
/// <param name="First">The index of one.</param>
/// <param name="Second">The index of the other, which is higher.</param>
/// <param name="IsTurned">Whether one of them is turned or mirrored.</param>
internal sealed record NearPair(int First, int Second, bool IsTurned);
