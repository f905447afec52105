using System.Diagnostics;
using System.Globalization;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance.Faults;

/// <summary>A fault at one of a process's file events.</summary>
internal enum Fault
{
    /// <summary>Killed just before the event.</summary>
    Kill,

    /// <summary>Killed in the middle of a write, or just after any other event.</summary>
    Torn,

    /// <summary>No space left, from this event on.</summary>
    Full,
}

/// <summary>A file event of a process: creating, writing, flushing, renaming, deleting.</summary>
internal sealed record FileEvent(int Number, string What, string Path);

/// <summary>
/// Injects a fault into the unmodified tool at a chosen file event. faults.c counts events between the process and the
/// C library.
/// </summary>
internal static class FaultyDisk
{
    private static readonly Lazy<string?> Library = new(Compile);

    public static void SkipUnlessAvailable() => Assert.SkipWhen(Library.Value is null, "needs gcc to inject faults");

    /// <summary>The events of a process on files of its home folder, without a fault.</summary>
    public static async Task<IReadOnlyList<FileEvent>> EventsOf(Workplace place, string home, params string[] command)
    {
        string log = place.At("events.txt");
        Set(place, home, 0, Fault.Kill);
        place.Environment["FAULT_LOG"] = log;
        Outcome outcome = await place.Breakhis(command);
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        Clear(place);
        return [.. (await File.ReadAllLinesAsync(log)).Select(Parse)];
    }

    /// <summary>Injects a fault into processes that start in this folder.</summary>
    public static void Set(Workplace place, string home, int at, Fault fault)
    {
        place.Environment["LD_PRELOAD"] = Library.Value!;
        place.Environment["FAULT_FOLDER"] = place.At(home) + "/";
        place.Environment["FAULT_AT"] = at.ToString(CultureInfo.InvariantCulture);
        place.Environment["FAULT_KIND"] = fault.ToString().ToLowerInvariant();
    }

    /// <summary>Removes the fault.</summary>
    public static void Clear(Workplace place)
    {
        foreach (string name in (string[])["LD_PRELOAD", "FAULT_FOLDER", "FAULT_AT", "FAULT_KIND", "FAULT_LOG"])
        {
            place.Environment.Remove(name);
        }
    }

    private static FileEvent Parse(string line)
    {
        string[] parts = line.Split(' ', 3);
        return new FileEvent(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], parts[2]);
    }

    private static string? Compile()
    {
        string source = Path.Combine(SharedFolder.RepositoryRoot, "tests/BreakHis.Acceptance/Faults/faults.c");
        string library = Path.Combine(AppContext.BaseDirectory, "faults.so");
        try
        {
            using var gcc = Process.Start(
                "gcc",
                ["-Wall", "-Werror", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
            );
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? library : throw new InvalidOperationException("faults.c does not compile");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
