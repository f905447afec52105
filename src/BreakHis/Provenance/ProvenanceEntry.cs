using System.Text.Json.Serialization;

namespace BreakHis.Provenance;

/// <summary>A named fact about a run's origin.</summary>
/// <param name="Name">One of <see cref="ProvenanceNames"/>, or a name in one of <see cref="ProvenanceGroups"/>.</param>
internal sealed record ProvenanceEntry(string Name, string Value)
{
    /// <summary>One of <see cref="ProvenanceGroups"/>.</summary>
    [JsonIgnore]
    public string Group => ProvenanceGroups.Of(Name);

    /// <summary>The name without the group; the full name if it has no dot.</summary>
    [JsonIgnore]
    public string NameInGroup => Name[(Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
