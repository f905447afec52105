using System.Collections.Concurrent;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Files that several tests begin with. They are made once; every test gets its own copies.</summary>
internal static class PreparedPlace
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<Workplace>>> Places = new(StringComparer.Ordinal);

    static PreparedPlace() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (Lazy<Task<Workplace>> place in Places.Values)
            {
                place.Value.Result.Dispose();
            }
        };

    /// <summary>
    /// Puts a spec into a place, and ledger, run folder, cache and report of a finished run of it.
    /// </summary>
    public static Task WithRun(Workplace place, string name, string spec) =>
        Copy(place, $"run\n{name}\n{spec}", made => Make(made, name, spec, "run", name, "--quiet"));

    /// <summary>Puts a spec into a place, and its synthetic tissue as image files in the folder "tissue".</summary>
    public static Task WithTissue(Workplace place, string name, string spec) =>
        Copy(
            place,
            $"tissue\n{name}\n{spec}",
            made => Make(made, name, spec, "data", "synthesize", name, "--out", "tissue")
        );

    private static async Task Copy(Workplace place, string key, Func<Workplace, Task> make)
    {
        Workplace made = await Places.GetOrAdd(key, _ => new(() => Made(make))).Value;
        foreach (string file in Directory.GetFiles(made.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = place.At(Path.GetRelativePath(made.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task<Workplace> Made(Func<Workplace, Task> make)
    {
        var place = new Workplace();
        await make(place);
        return place;
    }

    private static async Task Make(Workplace place, string name, string spec, params string[] command)
    {
        place.Write(name, spec);
        Outcome outcome = await place.Breakhis(command);
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
    }
}
