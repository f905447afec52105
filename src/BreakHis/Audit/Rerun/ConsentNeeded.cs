using System.Text.RegularExpressions;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// When recorded code is built and run only with the user's consent: a build executes whatever its project files say.
/// </summary>
internal static partial class ConsentNeeded
{
    private static readonly string[] Endings =
    [
        ".bat",
        ".cjs",
        ".cmd",
        ".config",
        ".dll",
        ".exe",
        ".globalconfig",
        ".js",
        ".mjs",
        ".nupkg",
        ".pl",
        ".projitems",
        ".props",
        ".ps1",
        ".pubxml",
        ".py",
        ".rb",
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
        "runtimeconfig.template.json",
    ];

    private static readonly string[] Sources = [".cs", ".fs", ".vb"];

    private const int LongestBuildFile = 1 << 20;

    /// <summary>Marks of project files that execute what is built from source code.</summary>
    private static readonly string[] Executions =
    [
        "<Analyzer",
        "<Exec",
        "AssemblyFile=",
        "AssemblyName=",
        "OutputItemType",
    ];

    /// <summary>
    /// Such marks that execute no code of the tree: tasks of MSBuild, and the tool itself, as experiments are run.
    /// </summary>
    private static readonly string[] Harmless =
    [
        "AssemblyFile=\"$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll\"",
        "<Exec Command=\"$(BreakHisCommand) run ",
    ];

    /// <summary>Returns why the recorded code of a run needs consent, or null.</summary>
    /// <param name="changed">The files that its patch changes.</param>
    /// <param name="tree">The folder with the recorded code.</param>
    public static string? Reason(RunSummary run, IReadOnlyList<string> changed, string tree)
    {
        if (!run.IsMadeHere)
        {
            return "the run was not made here";
        }

        string[] builds = changed.Count > 0 ? [.. BuildFiles(tree)] : [];
        string[] executed =
        [
            .. changed.Where(path =>
                IsExecutedByBuilds(path)
                || (IsSource(path) ? IsPartOfBuilds(path, builds) : builds.Any(text => IsImported(path, text)))
            ),
        ];
        return executed.Length > 0 ? $"its patch changes what a build executes ({Listing.Words(executed)})" : null;
    }

    private static bool IsSource(string path) =>
        Sources.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>The texts of the project files and of the files that they import.</summary>
    private static IEnumerable<string> BuildFiles(string tree) =>
        Directory
            .EnumerateFiles(tree, "*", FolderTree.WithoutLinks)
            .Where(path =>
                Path.GetExtension(path).ToLowerInvariant() is var ending
                && (
                    ending is ".props" or ".projitems" or ".targets" or ".tasks"
                    || ending.EndsWith("proj", StringComparison.Ordinal)
                )
            )
            .Select(path =>
                new FileInfo(path).Length > LongestBuildFile
                    ? throw new IOException($"{path}: too long for a project file")
                    : Harmless.Aggregate(
                        Blanks().Replace(RegularFile.Text(path), " "),
                        (text, harmless) => text.Replace(harmless, "", StringComparison.Ordinal)
                    )
            );

    /// <summary>
    /// Returns whether source code is that of a task, which a build compiles and executes itself, of a generator or
    /// analyzer, which the compiler executes, or of a program that a build starts. If any is built, all source code may
    /// belong to it.
    /// </summary>
    private static bool IsPartOfBuilds(string path, IEnumerable<string> builds) =>
        builds.Any(text =>
            text.Contains(Path.GetFileName(path), StringComparison.OrdinalIgnoreCase)
            || Array.Exists(Executions, mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>Returns whether a project file imports or starts a file, whatever it is called.</summary>
    private static bool IsImported(string path, string text) =>
        Uses().Matches(text).Any(use => use.Value.Contains(Path.GetFileName(path), StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns whether a build executes a file, or reads in it what to execute.</summary>
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

    [GeneratedRegex(
        "<(?:Import|Exec|UsingTask)\\b[^<]*",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Uses();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();
}
