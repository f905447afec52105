namespace BreakHis.Provenance;

/// <summary>A named fact about a run's origin.</summary>
/// <param name="Name">One of <see cref="ProvenanceNames"/>, or a name in one of <see cref="ProvenanceGroups"/>.</param>
internal sealed record ProvenanceEntry(string Name, string Value);
