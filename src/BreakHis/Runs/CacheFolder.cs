using BreakHis.Files;

namespace BreakHis.Runs;

/// <summary>A cached result: the features under one key, or parts of them where their computation was interrupted.</summary>
/// <param name="Key">The hash over all that determines it.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="LastUsed">When a run last made or took it.</param>
internal sealed record CacheEntry(string Key, long Bytes, DateTime LastUsed);

/// <summary>The cache of a home folder, as a whole. Whatever is deleted from it is computed anew when it is needed.</summary>
internal static class CacheFolder
{
    /// <summary>What is in the cache, the last used first.</summary>
    public static IReadOnlyList<CacheEntry> Entries(HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(home);
        return Directory.Exists(home.Cache)
            ?
            [
                .. new DirectoryInfo(home.Cache)
                    .EnumerateDirectories()
                    .Select(Entry)
                    .OrderByDescending(entry => entry.LastUsed)
                    .ThenBy(entry => entry.Key, StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>The entries to delete so that those that stay were used lately and fit into a size, the last used first.</summary>
    /// <param name="entries">The entries, the last used first.</param>
    /// <param name="usedSince">Older ones go; null keeps every age.</param>
    /// <param name="most">The most bytes to keep; null keeps all.</param>
    public static IReadOnlyList<CacheEntry> Surplus(IReadOnlyList<CacheEntry> entries, DateTime? usedSince, long? most)
    {
        ArgumentNullException.ThrowIfNull(entries);
        long kept = 0;
        List<CacheEntry> surplus = [];
        foreach (CacheEntry entry in entries)
        {
            if (entry.LastUsed < usedSince || kept + entry.Bytes > most)
            {
                surplus.Add(entry);
            }
            else
            {
                kept += entry.Bytes;
            }
        }

        return surplus;
    }

    /// <summary>Deletes an entry, unless a process is computing it.</summary>
    /// <returns>Whether it was deleted.</returns>
    public static bool Delete(HomeFolder home, string key)
    {
        ArgumentNullException.ThrowIfNull(home);
        using var alone = FileLock.TryTake(home.LockOf(key));
        if (alone is not null)
        {
            // The hash first: without it, what a kill leaves behind is not taken for whole.
            File.Delete(home.CachedHash(key));
            Directory.Delete(home.Cached(key), recursive: true);
        }

        return alone is not null;
    }

    private static CacheEntry Entry(DirectoryInfo folder)
    {
        FileInfo[] files = folder.GetFiles("*", SearchOption.AllDirectories);
        return new CacheEntry(
            folder.Name,
            files.Sum(file => file.Length),
            files.Select(file => file.LastWriteTimeUtc).Append(folder.CreationTimeUtc).Max()
        );
    }
}
