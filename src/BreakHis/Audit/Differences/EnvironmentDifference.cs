using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Audit.Differences;

/// <summary>A difference between two runs in machine or software.</summary>
/// <param name="Name">The name of the provenance entry.</param>
/// <param name="First">The value for the first run, or <see cref="ProvenanceValues.None"/>.</param>
/// <param name="Second">The value for the second run, or <see cref="ProvenanceValues.None"/>.</param>
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

    // They say where this tool keeps things, and a rerun sets some of them.
    private const string OwnVariables = ProvenanceGroups.Environment + ProvenanceNames.OwnVariables;

    /// <summary>Returns the differences between two runs, those in the fingerprint first.</summary>
    public static IReadOnlyList<EnvironmentDifference> Between(RecordedRun first, RecordedRun second) =>
        Between(first.Provenance, second.Provenance);

    /// <summary>Returns the differences between the provenance of two runs.</summary>
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
                .Where(name => !name.StartsWith(OwnVariables, StringComparison.Ordinal))
                .Where(name => Rank(name) >= 0 && one.GetValueOrDefault(name) != other.GetValueOrDefault(name))
                .OrderBy(Rank)
                .ThenBy(name => name, StringComparer.Ordinal)
                .Select(name => new EnvironmentDifference(
                    name,
                    one.GetValueOrDefault(name, ProvenanceValues.None),
                    other.GetValueOrDefault(name, ProvenanceValues.None)
                )),
        ];
    }

    /// <summary>Whether the difference is part of the fingerprint.</summary>
    public bool Determines => ProvenanceGroups.Of(Name) == ProvenanceGroups.Compute;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} was {ShortHash.Dotted(First)}, is now {ShortHash.Dotted(Second)}";

    private static int Rank(string name) => Array.IndexOf(Groups, ProvenanceGroups.Of(name));
}
