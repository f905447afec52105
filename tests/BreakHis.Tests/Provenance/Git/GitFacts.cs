using BreakHis.Provenance;
using BreakHis.Provenance.Git;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>The provenance entries of the code in a folder.</summary>
internal static class GitFacts
{
    /// <summary>The entries with a patch of code only, as a run records them.</summary>
    public static IReadOnlyList<ProvenanceEntry> Of(string folder, params IEnumerable<string> recordedElsewhere) =>
        GitProvenance.Read(folder, recordUntracked: false, recordedElsewhere).Entries;

    /// <summary>The entries with a patch of all files.</summary>
    public static IReadOnlyList<ProvenanceEntry> WithUntracked(
        string folder,
        params IEnumerable<string> recordedElsewhere
    ) => GitProvenance.Read(folder, recordUntracked: true, recordedElsewhere).Entries;

    /// <summary>The entries with a patch of code only, one per line.</summary>
    public static string Text(string folder) =>
        string.Join('\n', Of(folder).Select(entry => $"{entry.Name} = {entry.Value}"));
}
