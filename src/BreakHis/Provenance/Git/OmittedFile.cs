using System.Text.Json;
using System.Text.RegularExpressions;
using BreakHis.Json;
using BreakHis.SecretSearch;

namespace BreakHis.Provenance.Git;

/// <summary>
/// A changed file that a patch omits, or a folder of untracked files, as it is recorded. Whether it seems to contain a
/// secret is known only while the changes are gathered (<see cref="Omission"/>).
/// </summary>
/// <param name="Sha256">Its hash, the commit of a submodule, <see cref="Unreadable"/>, or <see cref="Withheld"/>.</param>
/// <param name="Path">Its path in the repository, with forward slashes.</param>
/// <param name="Reason">Why the patch omits it, on one line.</param>
internal sealed partial record OmittedFile(string Sha256, string Path, string Reason)
{
    /// <summary>Stands for the hash of a secret, which could be guessed from it, or of a large folder.</summary>
    public const string Withheld = Secrets.Withheld;

    /// <summary>Stands for the hash of a file that cannot be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Whether its hash is not recorded.</summary>
    public bool IsWithheld => Sha256 == Withheld;

    /// <summary>
    /// Returns files as the value of <see cref="ProvenanceNames.GitNotInPatch"/>: one line of canonical JSON per file.
    /// </summary>
    public static string TextOf(IEnumerable<OmittedFile> files) =>
        string.Join(
            '\n',
            files.Select(file =>
                CanonicalJson.Object(("path", file.Path), ("reason", file.Reason), ("sha256", file.Sha256))
            )
        );

    /// <summary>
    /// Returns the files of a value of <see cref="ProvenanceNames.GitNotInPatch"/>; null if it is not such a value.
    /// </summary>
    public static IReadOnlyList<OmittedFile>? From(string text)
    {
        OmittedFile?[] files = text.StartsWith('{')
            ? [.. text.Split('\n').Select(FromJson)]
            : [.. BetweenOldEntries().Split(text).Select(FromOldEntry)];
        OmittedFile[] read = [.. files.OfType<OmittedFile>()];
        return read.Length == files.Length ? read : null;
    }

    private static OmittedFile? FromJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement? file = document.RootElement;
            return
                (Text(file, "sha256"), Text(file, "path"), Text(file, "reason")) is ({ } sha256, { } path, { } reason)
                ? new(sha256, path, reason)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement? file, string name) => file.At(name)?.GetString();

    /// <summary>Reads what earlier builds wrote: "SHA-256 path (reason)".</summary>
    private static OmittedFile? FromOldEntry(string entry)
    {
        const string BeforeReason = " (";
        int path = entry.IndexOf(' ', StringComparison.Ordinal) + 1;
        int reason = entry.LastIndexOf(BeforeReason, StringComparison.Ordinal);
        return path > 0 && reason > path && entry.EndsWith(')')
            ? new(entry[..(path - 1)], entry[path..reason], entry[(reason + BeforeReason.Length)..^1])
            : null;
    }

    /// <summary>Paths may contain line breaks, so an entry ends only before another hash.</summary>
    [GeneratedRegex(
        "\n(?=(?:[0-9a-f]{64}|[0-9a-f]{40}|unreadable|none) )",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex BetweenOldEntries();
}
