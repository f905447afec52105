using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>
/// Settings with which libgit2 overlooks changes. The git program can be called with others (<see cref="Seeing"/>).
/// </summary>
internal static class BlindSettings
{
    /// <summary>Settings with which git overlooks nothing.</summary>
    public static IReadOnlyList<(string Key, string Value)> Seeing { get; } =
    [
        ("core.checkStat", "default"),
        ("core.ignoreCase", "false"),
        ("core.ignoreStat", "false"),
        ("core.trustctime", "true"),
    ];

    /// <summary>Returns the first such setting of a repository, or null.</summary>
    public static string? Of(Repository repository)
    {
        bool Is(string key, string value) =>
            string.Equals(repository.Config.Get<string>(key)?.Value, value, StringComparison.OrdinalIgnoreCase);

        return Is("core.checkstat", "minimal") ? "core.checkStat=minimal"
            : Is("core.trustctime", "false") ? "core.trustctime=false"
            : OperatingSystem.IsLinux() && Is("core.ignorecase", "true") ? "core.ignoreCase=true"
            : AttributeFiles(repository).Any(HasEncoding) ? "working-tree-encoding in .gitattributes"
            : null;
    }

    private static IEnumerable<string> AttributeFiles(Repository repository) =>
        repository
            .Index.Select(entry => entry.Path)
            .Where(path => Path.GetFileName(path) == ".gitattributes")
            .Select(path => Path.Combine(repository.Info.WorkingDirectory, path))
            .Append(Path.Combine(repository.Info.Path, "info", "attributes"));

    /// <summary>libgit2 does not know this attribute, and would take the encoded bytes as the content.</summary>
    private static bool HasEncoding(string file) =>
        File.Exists(file)
        && File.ReadLines(file).Any(line => line.Contains("working-tree-encoding", StringComparison.Ordinal));
}
