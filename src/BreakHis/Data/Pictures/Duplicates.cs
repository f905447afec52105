namespace BreakHis.Data.Pictures;

/// <summary>Finds images that occur more than once.</summary>
internal static class Duplicates
{
    /// <summary>
    /// Returns, for each image that looks nearly like an earlier one, the first such image; one of them may be turned or
    /// mirrored. Identical images look alike. Images that are too flat to compare look like identical ones only. Every
    /// image is compared with every other.
    /// </summary>
    /// <param name="counts">Whether two images may be paired at all, by their indices; the lower one comes first.</param>
    /// <returns>At most one pair per image, in order of the later image.</returns>
    public static IReadOnlyList<NearPair> Near(IReadOnlyList<PictureDigest> pictures, Func<int, int, bool> counts)
    {
        DifferenceHash[] looks = [.. pictures.Select(picture => DifferenceHash.Parse(picture.Look))];
        bool[] flat = [.. looks.Select(look => look.IsTooFlat)];
        ulong[][] words = [.. looks.Select(look => look.Words())];
        var found = new NearPair?[pictures.Count];
        Parallel.For(
            0,
            pictures.Count,
            second =>
            {
                ulong[][] turned = [.. looks[second].Orientations().Select(look => look.Words())];
                for (int first = 0; first < second && found[second] is null; first++)
                {
                    int orientation =
                        !counts(first, second) ? -1
                        : pictures[first].Pixels == pictures[second].Pixels ? 0
                        : flat[first] || flat[second] ? -1
                        : Array.FindIndex(turned, look => DifferenceHash.IsAlike(look, words[first]));
                    found[second] = orientation < 0 ? null : new NearPair(first, second, orientation > 0);
                }
            }
        );
        return [.. found.OfType<NearPair>()];
    }

    /// <summary>Returns groups of images that pairs connect, each in order, and whether one of them is turned.</summary>
    /// <param name="pairs">Pairs from <see cref="Near"/>.</param>
    public static IReadOnlyList<(IReadOnlyList<int> Images, bool HasTurned)> Groups(IEnumerable<NearPair> pairs)
    {
        Dictionary<int, (List<int> Images, bool HasTurned)> groups = [];
        Dictionary<int, int> groupOf = [];
        foreach ((int first, int second, bool isTurned) in pairs)
        {
            int group = groupOf.GetValueOrDefault(first, first);
            (List<int> images, bool hasTurned) = groups.GetValueOrDefault(group, ([first], false));
            images.Add(second);
            groupOf[second] = group;
            groups[group] = (images, hasTurned || isTurned);
        }

        return
        [
            .. groups
                .OrderBy(group => group.Key)
                .Select(group => ((IReadOnlyList<int>)group.Value.Images, group.Value.HasTurned)),
        ];
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
