namespace BreakHis.Provenance;

/// <summary>A named fact about a run's origin.</summary>
/// <param name="Name">Dotted name, such as git.commit or machine.processor.</param>
public sealed record ProvenanceEntry(string Name, string Value);
