using System.Text.Json;
using BreakHis.Json;
using BreakHis.Ledger.Reading;

namespace BreakHis.Comparisons;

/// <summary>What runs of one configuration have in common, and where each of them stands in it.</summary>
internal static class ConfigurationKey
{
    private const string Split = "data.split.";
    private const string Fold = Split + "fold";
    private const string SplitSeed = Split + "seed";
    private const string Steps = "steps_per_epoch";

    /// <summary>
    /// Returns everything that determines a run's result and that its spec says, except seed, fold, the seed of the split,
    /// threads and software; null if the record cannot be read.
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
                    (leaf.Path.StartsWith(Split, StringComparison.Ordinal) && leaf.Path is not (Fold or SplitSeed))
                    || leaf.Path.EndsWith(Steps, StringComparison.Ordinal)
                )
                .Select(leaf => $"{leaf.Path} = {leaf.Value}");
            return RecordedPlan.OrNull(plan) is { } recorded
                ? string.Join('\n', [.. recorded.ConfigurationLines(Steps), .. settings])
                : null;
        }
        catch (JsonException)
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
