using BreakHis.Json;

namespace BreakHis.Specs;

/// <summary>A setting in which two specs differ.</summary>
/// <param name="Path">Its dotted path.</param>
/// <param name="Before">Its value in the first spec, or null where that has none.</param>
/// <param name="After">Its value in the second spec, or null where that has none.</param>
public sealed record SpecChange(string Path, string? Before, string? After);

/// <summary>Compares two specs setting by setting.</summary>
public static class SpecDifference
{
    /// <summary>All settings in which the specs differ, defaults counted as given, sorted by path. A list is one setting.</summary>
    public static IReadOnlyList<SpecChange> Between(ExperimentSpec a, ExperimentSpec b)
    {
        var before = Leaves(CanonicalForm.JsonOf(a), "").ToDictionary(StringComparer.Ordinal);
        var after = Leaves(CanonicalForm.JsonOf(b), "").ToDictionary(StringComparer.Ordinal);
        return
        [
            .. before
                .Keys.Union(after.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(path => new SpecChange(path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))
                .Where(change => change.Before != change.After),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string>> Leaves(CanonicalJson json, string path) =>
        json switch
        {
            CanonicalJson.ObjectValue { Members.Count: > 0 } inner => inner.Members.SelectMany(m =>
                Leaves(m.Value, path.Length == 0 ? m.Key : $"{path}.{m.Key}")
            ),
            CanonicalJson.TextValue text => [new(path, text.Value)],
            _ => [new(path, json.ToString())],
        };
}
