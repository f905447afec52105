using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Audit.Differences;

/// <summary>A fact about what computes that is not the same for two runs.</summary>
/// <param name="Name">Its name in the provenance.</param>
/// <param name="First">Its value for the first run, or "none".</param>
/// <param name="Second">The same for the second.</param>
internal sealed record EnvironmentDifference(string Name, string First, string Second)
{
    private static readonly string[] Groups =
    [
        ProvenanceGroups.Compute,
        ProvenanceGroups.Package,
        ProvenanceGroups.Environment,
        ProvenanceGroups.Machine,
        ProvenanceGroups.Runtime,
    ];

    /// <summary>The differences of two runs: those that are part of the fingerprint first.</summary>
    public static IReadOnlyList<EnvironmentDifference> Between(RecordedRun first, RecordedRun second) =>
        Between(first.Provenance, second.Provenance);

    /// <summary>The differences of two runs' provenance.</summary>
    public static IReadOnlyList<EnvironmentDifference> Between(
        IReadOnlyList<ProvenanceEntry> first,
        IReadOnlyList<ProvenanceEntry> second
    )
    {
        var one = first.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        var other = second.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        return
        [
            .. one
                .Keys.Union(other.Keys, StringComparer.Ordinal)
                .Where(name => Rank(name) >= 0 && one.GetValueOrDefault(name) != other.GetValueOrDefault(name))
                .OrderBy(Rank)
                .ThenBy(name => name, StringComparer.Ordinal)
                .Select(name => new EnvironmentDifference(
                    name,
                    one.GetValueOrDefault(name, "none"),
                    other.GetValueOrDefault(name, "none")
                )),
        ];
    }

    /// <summary>Whether it is part of the fingerprint.</summary>
    public bool Determines => Name.StartsWith(Groups[0], StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} was {ShortHash.Dotted(First)}, is now {ShortHash.Dotted(Second)}";

    private static int Rank(string name) =>
        Array.FindIndex(Groups, group => name.StartsWith(group, StringComparison.Ordinal));
}
