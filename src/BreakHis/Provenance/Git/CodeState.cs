using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>The state of the code, as it is gathered.</summary>
/// <param name="Entries">What is recorded of it, in ordinal order of name.</param>
/// <param name="Omitted">What the patch among the entries omits.</param>
internal sealed record CodeState(IReadOnlyList<ProvenanceEntry> Entries, IReadOnlyList<Omission> Omitted)
{
    /// <summary>Returns which files are not recorded because they seem to contain secrets, on one line, or null.</summary>
    public string? Withheld()
    {
        string[] secret = [.. Omitted.Where(omission => omission.IsSecret).Select(omission => omission.File.Path)];
        return secret.Length == 0
            ? null
            : $"not recorded, because they seem to contain secrets: {Plural.Of(secret.Length, "changed file")} ({Listing.Words(secret)})";
    }
}
