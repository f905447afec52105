using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>The state of the code, as it is gathered.</summary>
/// <param name="Entries">What is recorded of it, in ordinal order of name.</param>
/// <param name="Omitted">What the patch among the entries omits.</param>
internal sealed record CodeState(IReadOnlyList<ProvenanceEntry> Entries, IReadOnlyList<Omission> Omitted)
{
    /// <summary>What the record of the code lacks, one line for each kind.</summary>
    public IReadOnlyList<string> Notes => [.. Doubts, .. Withheld is string secrets ? (string[])[secrets] : []];

    /// <summary>The same without secrets, which are never recorded.</summary>
    public IReadOnlyList<string> Doubts =>
        [.. ((string?[])[GitProvenance.Missing(Entries), WithoutCommit, Gaps]).OfType<string>()];

    /// <summary>That the repository has no commit yet, or null.</summary>
    public string? WithoutCommit =>
        Entries.Any(entry => entry is { Name: ProvenanceNames.GitCommit, Value: ProvenanceValues.None })
            ? "the git repository has no commit yet, so runs cannot record one"
            : null;

    /// <summary>Which changes the patch lacks, or null.</summary>
    public string? Gaps
    {
        get
        {
            string[] gaps = [.. Of(OmissionKind.Gap).Select(file => $"{Named(file)} ({file.Reason})")];
            return gaps.Length == 0 ? null : $"the recorded patch lacks {Listing.Words(gaps)}";
        }
    }

    private string? Withheld
    {
        get
        {
            string[] secret = [.. Of(OmissionKind.Secret).Select(file => file.Path)];
            return secret.Length == 0
                ? null
                : $"not recorded, because they seem to contain secrets: {Plural.Of(secret.Length, "changed or untracked file")} ({Listing.Words(secret)})";
        }
    }

    private IEnumerable<OmittedFile> Of(OmissionKind kind) =>
        Omitted.Where(omission => omission.Kind == kind).Select(omission => omission.File);

    private static string Named(OmittedFile file) =>
        file.Path == Omission.Everywhere ? "changes that only git sees" : OneLine.Of(file.Path);
}
