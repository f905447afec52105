namespace BreakHis.Provenance;

/// <summary>Words among the values of provenance entries. The ledger stores them, so they must not change.</summary>
internal static class ProvenanceValues
{
    /// <summary>There is nothing to record: no commit yet, no file, no remote.</summary>
    public const string None = "none";

    /// <summary>The repository has a working tree (<see cref="ProvenanceNames.GitRepository"/>).</summary>
    public const string WorkingTree = "working tree";

    /// <summary>No branch is checked out (<see cref="ProvenanceNames.GitBranch"/>).</summary>
    public const string Detached = "detached";

    /// <summary>The repository is bare (<see cref="ProvenanceNames.GitRepository"/>).</summary>
    public const string Bare = "bare";

    /// <summary>The images have no folder (<see cref="ProvenanceNames.DataFolder"/>).</summary>
    public const string InMemory = "none: generated in memory";
}
