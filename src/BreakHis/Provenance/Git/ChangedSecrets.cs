using System.Text;
using BreakHis.SecretSearch;

namespace BreakHis.Provenance.Git;

/// <summary>What seems to be secret in the changes of a repository.</summary>
internal sealed class ChangedSecrets
{
    private const int ShortestLine = 8;

    private readonly HashSet<string> _lines;

    private ChangedSecrets(HashSet<string> lines) => _lines = lines;

    /// <summary>
    /// Reads the files with the names of secrets that were deleted, renamed or changed, so that their lines are found
    /// in other files.
    /// </summary>
    public static ChangedSecrets Of(IEnumerable<TreeChange> changes) =>
        new(
            changes
                .Where(change => Secrets.IsFileName(change.Path))
                .SelectMany(change => Lines(TextOf(change.Before.Content())))
                .ToHashSet(StringComparer.Ordinal)
        );

    /// <summary>Returns why the name of a file seems to be or to contain a secret, or null.</summary>
    /// <param name="hasContent">Whether the patch would show its content, rather than the target of a link.</param>
    public static string? InName(string path, bool hasContent) =>
        hasContent && Secrets.IsFileName(path) ? "its name suggests a secret"
        : Secrets.FindInPath(path) is string kind ? $"its name seems to contain {kind}"
        : null;

    /// <summary>Returns why a content seems to contain a secret, or null.</summary>
    public string? In(byte[] content, string path) =>
        Secrets.Find(content, path) is string kind ? $"it seems to contain {kind}"
        : _lines.Count > 0 && Lines(Encoding.UTF8.GetString(content)).Any(_lines.Contains)
            ? "it has lines of a file whose name suggests a secret"
        : null;

    private static string TextOf(byte[] content)
    {
        using var reader = new StreamReader(new MemoryStream(content));
        return reader.ReadToEnd();
    }

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.Length >= ShortestLine && Randomness.IsMixed(line));
}
