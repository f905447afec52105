using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>Lays one tree over another.</summary>
internal static class SpecMerge
{
    /// <summary>
    /// The lower tree with the upper one over it: mappings are merged key by key, all else is replaced. Of a choice
    /// the upper alternative stands alone. A null takes out what is below, so that the default holds.
    /// </summary>
    public static SpecNode Over(SpecNode? lower, SpecNode upper, Shape? shape)
    {
        if (lower is not MappingNode below || upper is not MappingNode above)
        {
            return upper;
        }

        MappingNode merged = Keeping(below, above.Entries.Select(e => e.Key), shape);
        foreach (MappingEntry entry in above.Entries)
        {
            SpecNode value = Over(merged.Find(entry.Key)?.Value, entry.Value, shape?.Under(entry.Key));
            merged = TakesOut(entry.Key, value, shape)
                ? merged.Without(entry.Key)
                : merged.With(entry with { Value = value });
        }

        return merged with
        {
            Place = above.Place,
        };
    }

    /// <summary>The tree with a value in place of what is at a path; mappings on the way are made where there are none.</summary>
    public static SpecNode Set(SpecNode? tree, ReadOnlySpan<string> path, SpecNode value, Shape? shape)
    {
        if (path.IsEmpty)
        {
            return value;
        }

        string key = path[0];
        MappingNode mapping = Keeping(tree as MappingNode ?? new MappingNode(value.Place, []), [key], shape);
        MappingEntry? entry = mapping.Find(key);
        SpecNode inner = Set(entry?.Value, path[1..], value, shape?.Under(key));
        return TakesOut(key, inner, shape)
            ? mapping.Without(key)
            : mapping.With(new MappingEntry(key, entry?.KeyPlace ?? value.Place, inner));
    }

    /// <summary>Where a setting may be null, or must be given, null is a value like others, and right or wrong as such.</summary>
    private static bool TakesOut(string key, SpecNode value, Shape? shape) =>
        CoreSchema.IsExplicitNull(value)
        && shape is RecordShape record
        && record.Members.Any(m => m.Key == key && m is { IsNullable: false, IsRequired: false });

    private static MappingNode Keeping(MappingNode lower, IEnumerable<string> keys, Shape? shape) =>
        shape is ChoiceShape
            ? lower with
            {
                Entries = [.. lower.Entries.Where(e => keys.Contains(e.Key, StringComparer.Ordinal))],
            }
            : lower;
}
