using BreakHis.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Specs;

namespace BreakHis.Comparisons;

/// <summary>What runs of one configuration have in common, and where each of them stands in it.</summary>
internal static class ConfigurationKey
{
    private const string Split = "data.split.";
    private static readonly string Fold = Split + SnakeCase.Of(nameof(SplitSpec.Fold));
    private static readonly string SplitSeed = Split + SnakeCase.Of(nameof(SplitSpec.Seed));
    private static readonly string SplitFile = Split + SnakeCase.Of(nameof(SplitSpec.File));
    private static readonly string Steps = "." + SnakeCase.Of(nameof(FineTuneSpec.StepsPerEpoch));

    /// <summary>
    /// Returns everything that determines a run's result and that its spec says, except seed, fold, the seed of the split,
    /// threads and software; null if the record cannot be read. A split file counts by its name, without its folder.
    /// </summary>
    /// <param name="spec">The recorded spec, as JSON.</param>
    /// <param name="plan">The recorded plan, as JSON.</param>
    public static string? Of(string spec, string plan)
    {
        try
        {
            // The number of steps per epoch depends on the fold, unless the spec sets it.
            IEnumerable<string> settings = JsonFlattening
                .Flatten(spec)
                .Where(leaf =>
                    (
                        leaf.Path.StartsWith(Split, StringComparison.Ordinal)
                        && leaf.Path != Fold
                        && leaf.Path != SplitSeed
                    ) || leaf.Path.EndsWith(Steps, StringComparison.Ordinal)
                )
                .Select(leaf =>
                    $"{leaf.Path} = {(leaf.Path == SplitFile ? Path.GetFileName(leaf.Value) : leaf.Value)}"
                );
            return RecordedPlan.OrNull(plan) is { } recorded
                ? string.Join('\n', [recorded.Configuration, .. settings])
                : null;
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return null;
        }
    }

    /// <summary>Returns whether a recorded spec has the form of one.</summary>
    public static bool IsReadable(string spec)
    {
        try
        {
            PlaceIn(spec);
            return true;
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return false;
        }
    }

    /// <summary>Returns a run's place: the seed of the split, and the fold, or null without folds.</summary>
    /// <param name="spec">The recorded spec, as JSON.</param>
    public static (string SplitSeed, string? Fold) PlaceIn(string spec)
    {
        var leaves = JsonFlattening.Flatten(spec).ToDictionary(StringComparer.Ordinal);
        return (leaves.GetValueOrDefault(SplitSeed) ?? "", leaves.GetValueOrDefault(Fold));
    }
}
