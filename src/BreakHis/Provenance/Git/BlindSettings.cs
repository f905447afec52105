using BreakHis.Files;
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
        // Git has many words for true and false.
        bool? Truth(string key) => repository.Config.Get<bool>(key)?.Value;

        return string.Equals(Text(repository, "core.checkstat"), "minimal", StringComparison.OrdinalIgnoreCase)
                ? "core.checkStat=minimal"
            : Truth("core.trustctime") == false ? "core.trustctime=false"
            : OperatingSystem.IsLinux() && Truth("core.ignorecase") == true ? "core.ignoreCase=true"
            : AttributesOf(repository).Any(HasEncoding) ? "working-tree-encoding among its attributes"
            : null;
    }

    private static string? Text(Repository repository, string key) => repository.Config.Get<string>(key)?.Value;

    /// <summary>The texts that may give attributes: files, and those of the index whose files are deleted.</summary>
    private static IEnumerable<string> AttributesOf(Repository repository)
    {
        string git = repository.Info.Path;
        string shared = Path.Combine(git, "commondir");
        foreach (IndexEntry entry in repository.Index.Where(e => Path.GetFileName(e.Path) == ".gitattributes"))
        {
            yield return Contents.Text(repository, entry.Id, entry.Path) ?? "";
            yield return TextOf(Path.Combine(repository.Info.WorkingDirectory, entry.Path));
        }

        yield return TextOf(Path.Combine(git, "info", "attributes"));
        yield return File.Exists(shared) ? TextOf(Path.Combine(git, TextOf(shared).Trim(), "info", "attributes")) : "";
        yield return TextOf(Text(repository, "core.attributesfile") is string file ? OfUser(file) : UsualAttributes());
        yield return TextOf("/etc/gitattributes");
    }

    private static string UsualAttributes() =>
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } settings
            ? Path.Combine(settings, "git", "attributes")
            : OfUser("~/.config/git/attributes");

    private static string OfUser(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : path;

    private static string TextOf(string file) => RegularFile.Exists(file) ? File.ReadAllText(file) : "";

    /// <summary>libgit2 does not know this attribute, and would take the encoded bytes as the content.</summary>
    public static bool HasEncoding(string attributes) =>
        attributes.Contains("working-tree-encoding", StringComparison.Ordinal);
}
