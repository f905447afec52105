namespace BreakHis.Provenance.Git;

/// <summary>A changed file that a patch omits.</summary>
/// <param name="Sha256">Its hash, the commit of a submodule, or "unreadable".</param>
/// <param name="Path">Its path in the repository, with forward slashes.</param>
internal sealed record OmittedFile(string Sha256, string Path, string Reason)
{
    private const string BeforeReason = " (";

    /// <summary>The file as a line of <see cref="ProvenanceNames.GitNotInPatch"/>: "SHA-256 path (reason)".</summary>
    public string Line =>
        $"{Sha256} {Path}{BeforeReason}{Reason.Replace(BeforeReason, " [", StringComparison.Ordinal)})";

    /// <summary>Returns the file of a line; null if it is not such a line.</summary>
    public static OmittedFile? From(string line)
    {
        int path = line.IndexOf(' ', StringComparison.Ordinal) + 1;
        int reason = line.LastIndexOf(BeforeReason, StringComparison.Ordinal);
        return path > 0 && reason > path && line.EndsWith(')')
            ? new(line[..(path - 1)], line[path..reason], line[(reason + BeforeReason.Length)..^1])
            : null;
    }
}
