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
    private static readonly string Validation = Split + SnakeCase.Of(nameof(SplitSpec.Validation));
    private static readonly string SplitFile = Split + SnakeCase.Of(nameof(SplitSpec.File));
    private static readonly string Steps = "." + SnakeCase.Of(nameof(FineTuneSpec.StepsPerEpoch));

    /// <summary>
    /// Returns everything that determines a run's result and that its spec says, except seed, fold, the seed of the split,
    /// threads and software; null if the record cannot be read. A split file counts by its sides or, if fold or seed choose
    /// them too, by its name without the folder.
    /// </summary>
    /// <param name="spec">The recorded spec, as JSON.</param>
    /// <param name="plan">The recorded plan, as JSON.</param>
    public static string? Of(string spec, string plan)
    {
        try
        {
            if (RecordedPlan.OrNull(plan) is not { } recorded)
            {
                return null;
            }

            IReadOnlyList<(string Path, string Value)> leaves = JsonFlattening.Flatten(spec);
            bool variesInSides = leaves.Any(leaf => leaf.Path == Fold || leaf.Path == Validation);
            IEnumerable<string> settings = leaves
                .Where(leaf => IsPart(leaf.Path))
                .Select(leaf =>
                    $"{leaf.Path} = {(leaf.Path != SplitFile ? leaf.Value : variesInSides ? Name(leaf.Value) : recorded.SplitHash)}"
                );
            return string.Join('\n', [recorded.Configuration, .. settings]);
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            return null;
        }
    }

    /// <summary>The number of steps per epoch depends on the fold, unless the spec sets it.</summary>
    private static bool IsPart(string path) =>
        path.EndsWith(Steps, StringComparison.Ordinal)
        || (path.StartsWith(Split, StringComparison.Ordinal) && path != Fold && path != SplitSeed);

    private static string Name(string file) => Path.GetFileName(Path.TrimEndingDirectorySeparator(file));

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
