using BreakHis.SecretSearch;

namespace BreakHis.Provenance;

/// <summary>
/// The edge that every entry passes before it is recorded: its value stays, or is replaced by words that say so.
/// </summary>
internal static class RecordableEntry
{
    /// <summary>Returns an entry as it may be recorded.</summary>
    public static ProvenanceEntry Of(ProvenanceEntry entry) =>
        entry.Name switch
        {
            // Searched file by file, so that one secret does not remove everything.
            ProvenanceNames.GitPatch or ProvenanceNames.GitNotInPatch => entry,
            _ when entry.Group is ProvenanceGroups.Environment or ProvenanceGroups.Removed => entry with
            {
                Value = Secrets.Shown(entry.NameInGroup, entry.Value),
            },
            _ => entry with { Value = Secrets.Shown(entry.Value) },
        };
}
