using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Runs;

public sealed class CacheFolderTests
{
    private static readonly DateTime Day = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Entries_are_deleted_by_age_and_size_least_recently_used_first()
    {
        CacheEntry[] entries = [new("c", 10, Day.AddDays(3)), new("b", 50, Day.AddDays(2)), new("a", 5, Day)];

        Assert.Equal(["a"], Keys(CacheFolder.Surplus(entries, Day.AddDays(1), null)));
        Assert.Equal(["b"], Keys(CacheFolder.Surplus(entries, null, 20)));
        Assert.Equal(["b", "a"], Keys(CacheFolder.Surplus(entries, Day.AddDays(1), 10)));
        Assert.Equal(["c", "b", "a"], Keys(CacheFolder.Surplus(entries, null, 0)));
        Assert.Empty(CacheFolder.Surplus(entries, null, null));
    }

    /// <summary>Sparse files can claim to have more bytes than fit into a number.</summary>
    [Fact]
    public void Sizes_beyond_all_numbers_are_the_largest_number()
    {
        CacheEntry[] entries = [new("b", long.MaxValue - 1, Day), new("a", 7, Day)];

        Assert.Equal(["a"], Keys(CacheFolder.Surplus(entries, null, long.MaxValue - 1)));
        Assert.Equal(long.MaxValue, FileSizes.Sum([7, long.MaxValue - 1, long.MaxValue]));
        Assert.Equal(12, FileSizes.Sum([7, 5]));
    }

    private static readonly string Idle = new('1', 64);
    private static readonly string Busy = new('0', 64);

    [Fact]
    public void Entries_being_computed_are_not_deleted()
    {
        using var folder = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        foreach (string key in (string[])[Idle, Busy])
        {
            AtomicFile.Write(home.CachedHash(key), "12345");
        }

        using FileLock held = FileLock.TryTake(home.LockOf(Busy))!;

        Assert.Equal([Busy, Idle], CacheFolder.Entries(home).Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.All(CacheFolder.Entries(home), entry => Assert.Equal(5, entry.Bytes));
        Assert.True(CacheFolder.Delete(home, Idle));
        Assert.False(CacheFolder.Delete(home, Busy));
        Assert.Equal([Busy], Keys(CacheFolder.Entries(home)));
    }

    [Fact]
    public void Links_and_other_names_are_no_entries()
    {
        using var folder = new TemporaryFolder();
        using var outside = new TemporaryFolder();
        var home = new HomeFolder(folder.Path);
        AtomicFile.Write(home.CachedHash(Idle), "12345");
        AtomicFile.Write(outside["features.sha256"], "1234567890");
        Directory.CreateSymbolicLink(home.Cached(Busy), outside.Path);
        Directory.CreateSymbolicLink(Path.Combine(home.Cached(Idle), "up"), outside.Path);
        Directory.CreateDirectory(home.Cached("x[/]y"));

        CacheEntry entry = Assert.Single(CacheFolder.Entries(home));

        Assert.Equal((Idle, 5L), (entry.Key, entry.Bytes));
        Assert.True(CacheFolder.Delete(home, Idle));
        Assert.True(File.Exists(outside["features.sha256"]));
    }

    private static IEnumerable<string> Keys(IReadOnlyList<CacheEntry> entries) => entries.Select(entry => entry.Key);
}
