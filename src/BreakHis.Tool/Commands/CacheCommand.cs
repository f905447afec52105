using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using Spectre.Console;

namespace BreakHis.Tool.Commands;

/// <summary><c>cache</c>: lists what runs keep for later runs, and deletes it.</summary>
internal static class CacheCommand
{
    /// <summary>Creates the command and its subcommands.</summary>
    public static Command Create() =>
        new(
            "cache",
            """
            List or delete cached features and image digests.
            Runs reuse features if everything that determines them is the same: images, weights and preprocessing,
            settings, software, threads and device. They reuse image digests if images and decoder are the same.
            Deleted entries are computed again when needed.

            Examples:
              dotnet breakhis cache list
              dotnet breakhis cache clean --unused 30d --keep 10GB
            """
        )
        {
            List(),
            Clean(),
        };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object per line" };
        var command = new Command(
            "list",
            """
            List the cache, most recently used first.

            Example:
              dotnet breakhis cache list
            """
        )
        {
            json,
        };
        command.SetAction(parsed => Print(CacheFolder.Entries(RootOptions.HomeOf(parsed)), parsed.GetValue(json)));
        return command;
    }

    private static Command Clean()
    {
        var unused = new Option<string?>("--unused")
        {
            Description = "Delete entries unused for longer than this, such as 12h or 30d",
            HelpName = "AGE",
        };
        var keep = new Option<string?>("--keep")
        {
            Description =
                "Delete the least recently used entries until at most this much is left, such as 500MB or 10GB; 0 deletes all",
            HelpName = "SIZE",
        };
        var command = new Command(
            "clean",
            """
            Delete cache entries by age or size.
            Entries that a process is computing are kept.

            Example:
              dotnet breakhis cache clean --unused 30d
            """
        )
        {
            unused,
            keep,
        };
        command.SetAction(parsed =>
        {
            HomeFolder home = RootOptions.HomeOf(parsed);
            home.RequireNoLinks();
            TimeSpan? age = parsed.GetValue(unused) is string text ? Age(text) : null;
            long? most = parsed.GetValue(keep) is string size ? Size(size) : null;
            if (age is null && most is null)
            {
                throw new InputException("cache clean needs --unused AGE or --keep SIZE");
            }

            Delete(home, CacheFolder.Surplus(CacheFolder.Entries(home), DateTime.UtcNow - age, most));
        });
        return command;
    }

    private static void Print(IReadOnlyList<CacheEntry> entries, bool json)
    {
        TextWriter text = StandardStreams.Out;
        if (json)
        {
            foreach (CacheEntry entry in entries)
            {
                text.WriteLine(JsonSerializer.Serialize(entry, ToolJson.Default.CacheEntry));
            }

            return;
        }

        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns("entry", "bytes", "last used (UTC)");
        table.Columns[1].RightAligned();
        foreach (CacheEntry entry in entries)
        {
            table.AddRow(
                ShortHash.Of(entry.Key),
                Digits.Grouped(entry.Bytes),
                entry.LastUsed.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            );
        }

        StandardStreams.OutConsole.Write(table);
        text.WriteLine(
            $"{Plural.Of(entries.Count, "entry", "entries")}, {Plural.Bytes(FileSizes.Sum(entries.Select(entry => entry.Bytes)))}"
        );
    }

    private static void Delete(HomeFolder home, IReadOnlyList<CacheEntry> surplus)
    {
        CacheEntry[] deleted = [.. surplus.Where(entry => CacheFolder.Delete(home, entry.Key))];
        int busy = surplus.Count - deleted.Length;
        StandardStreams.Out.WriteLine(
            $"{Plural.Of(deleted.Length, "entry", "entries")} deleted, {Plural.Bytes(FileSizes.Sum(deleted.Select(entry => entry.Bytes)))}"
                + (busy > 0 ? $"; {busy} kept because a process is computing them" : "")
        );
    }

    private static TimeSpan Age(string text) =>
        Quantity.Time(text) ?? throw new InputException($"--unused: '{text}' is not a time such as 12h or 30d");

    private static long Size(string text) =>
        Quantity.Parse(text) switch
        {
            (0, "") => 0,
            (int n, "B") => n,
            (int n, "kB" or "KB") => n * 1_000L,
            (int n, "MB") => n * 1_000_000L,
            (int n, "GB") => n * 1_000_000_000L,
            (int n, "TB") => n * 1_000_000_000_000L,
            _ => throw new InputException($"--keep: '{text}' is not a size such as 500MB or 10GB"),
        };
}
