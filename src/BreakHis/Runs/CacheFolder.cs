using BreakHis.Files;

namespace BreakHis.Runs;

/// <summary>A cache entry: features or image digests, or parts of features if their computation was interrupted.</summary>
/// <param name="Key">The hash over everything that determines them.</param>
/// <param name="Bytes">The total size of its files.</param>
/// <param name="LastUsed">When a run last wrote or used it.</param>
internal sealed record CacheEntry(string Key, long Bytes, DateTime LastUsed);

/// <summary>The cache of a home folder. Deleted entries are recomputed when needed.</summary>
internal static class CacheFolder
{
    private const int KeyDigits = 64;

    /// <summary>Returns the entries of the cache, most recently used first.</summary>
    public static IReadOnlyList<CacheEntry> Entries(HomeFolder home)
    {
        return Directory.Exists(home.Cache)
            ?
            [
                .. new DirectoryInfo(home.Cache)
                    .EnumerateDirectories()
                    .Where(folder => folder.LinkTarget is null && HexName.Is(folder.Name, KeyDigits))
                    .Select(Entry)
                    .OrderByDescending(entry => entry.LastUsed)
                    .ThenBy(entry => entry.Key, StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>
    /// Returns the entries to delete so that the remaining ones are recent and fit into a size, most recently used
    /// first.
    /// </summary>
    /// <param name="entries">The entries, most recently used first.</param>
    /// <param name="usedSince">Entries last used before this time are deleted; null keeps entries of any age.</param>
    /// <param name="most">The maximum number of bytes to keep; null keeps everything.</param>
    public static IReadOnlyList<CacheEntry> Surplus(IReadOnlyList<CacheEntry> entries, DateTime? usedSince, long? most)
    {
        long kept = 0;
        List<CacheEntry> surplus = [];
        foreach (CacheEntry entry in entries)
        {
            if (entry.LastUsed < usedSince || FileSizes.Add(kept, entry.Bytes) > most)
            {
                surplus.Add(entry);
            }
            else
            {
                kept = FileSizes.Add(kept, entry.Bytes);
            }
        }

        return surplus;
    }

    /// <summary>Deletes an entry, unless a process is computing it.</summary>
    /// <returns>Whether the entry was deleted.</returns>
    public static bool Delete(HomeFolder home, string key)
    {
        using var alone = FileLock.TryTake(home.LockOf(key));
        if (alone is not null)
        {
            // Delete the hash first: without it, what a killed deletion leaves behind does not count as complete.
            File.Delete(home.CachedHash(key));
            Directory.Delete(home.Cached(key), recursive: true);
        }

        return alone is not null;
    }

    private static CacheEntry Entry(DirectoryInfo folder)
    {
        FileInfo[] files = folder.GetFiles("*", FolderTree.WithoutLinks);
        return new CacheEntry(
            folder.Name,
            FileSizes.Sum(files.Select(file => file.Length)),
            files.Select(file => file.LastWriteTimeUtc).Append(folder.CreationTimeUtc).Max()
        );
    }
}
