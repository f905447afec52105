using System.Collections.Concurrent;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Finished runs for tests of what follows a run. Each spec is run once; every test gets its own copy.</summary>
internal static class FinishedRun
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Workplace>>> Places = new(StringComparer.Ordinal);

    static FinishedRun() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (Lazy<Task<Workplace>> place in Places.Values)
            {
                place.Value.Result.Dispose();
            }
        };

    /// <summary>Puts a spec into a place, and ledger, run folder, cache and report of a finished run of it.</summary>
    public static async Task In(Workplace place, string name, string spec)
    {
        Workplace finished = await Places.GetOrAdd($"{name}\n{spec}", _ => new(() => Run(name, spec))).Value;
        foreach (string file in Directory.GetFiles(finished.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = place.At(Path.GetRelativePath(finished.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<Workplace> Run(string name, string spec)
    {
        var place = new Workplace();
        place.Write(name, spec);
        Outcome run = await place.Breakhis("run", name, "--quiet");
        Assert.True(run.ExitCode == 0, $"{run}");
        return place;
    }
}
