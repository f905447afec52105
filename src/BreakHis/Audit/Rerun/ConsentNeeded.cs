using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// When recorded code is built and run only with the user's consent: a build executes whatever its project files say.
/// </summary>
internal static class ConsentNeeded
{
    private static readonly string[] Endings =
    [
        ".bat",
        ".cmd",
        ".config",
        ".dll",
        ".exe",
        ".globalconfig",
        ".js",
        ".props",
        ".ps1",
        ".pubxml",
        ".py",
        ".rsp",
        ".ruleset",
        ".sh",
        ".sln",
        ".slnf",
        ".slnx",
        ".so",
        ".targets",
        ".tasks",
        ".user",
    ];

    private static readonly string[] Names =
    [
        ".gitattributes",
        ".gitmodules",
        "dotnet-tools.json",
        "global.json",
        "nuget.config",
    ];

    /// <summary>Returns why the recorded code of a run needs consent, or null.</summary>
    /// <param name="changed">The files that its patch changes.</param>
    public static string? Reason(RunSummary run, IReadOnlyList<string> changed)
    {
        string[] executed = [.. changed.Where(IsExecutedByBuilds)];
        return !run.IsMadeHere ? "the run was not made here"
            : executed.Length > 0 ? $"its patch changes what a build executes ({Listing.Words(executed)})"
            : null;
    }

    /// <summary>Returns whether a build executes a file, or reads in it what to execute. C# code is only compiled.</summary>
    private static bool IsExecutedByBuilds(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        string ending = Path.GetExtension(name);
        return ending.EndsWith("proj", StringComparison.Ordinal)
            || Endings.Contains(ending, StringComparer.Ordinal)
            || Names.Contains(name, StringComparer.Ordinal)
            || name.EndsWith(".lock.json", StringComparison.Ordinal)
            || path.StartsWith(".config/", StringComparison.Ordinal)
            || path.Contains("/.config/", StringComparison.Ordinal)
            || !name.Contains('.', StringComparison.Ordinal);
    }
}
