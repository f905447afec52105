using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>Merges a tree over its parent's.</summary>
internal static class SpecMerge
{
    /// <summary>
    /// Returns the lower tree with the upper one merged over it: mappings are merged key by key, all other values are
    /// replaced. In a choice, the upper alternative replaces the lower one. A null stays in the tree and unsets
    /// the setting.
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
            merged = merged.With(entry with { Value = value });
        }

        return merged with
        {
            Place = above.Place,
        };
    }

    /// <summary>
    /// Returns the tree with the value at the path replaced. Missing mappings on the path are created, except for a null,
    /// which changes nothing if there is nothing to remove.
    /// </summary>
    public static SpecNode Set(SpecNode? tree, ReadOnlySpan<string> path, SpecNode value, Shape? shape)
    {
        if (path.IsEmpty)
        {
            return value;
        }

        string key = path[0];
        MappingNode mapping = Keeping(tree as MappingNode ?? new MappingNode(value.Place, []), [key], shape);
        MappingEntry? entry = mapping.Find(key);
        if (tree is not null && entry is null && CoreSchema.IsExplicitNull(value) && IsOptional(path, shape))
        {
            return tree;
        }

        SpecNode inner = Set(entry?.Value, path[1..], value, shape?.Under(key));
        return mapping.With(new MappingEntry(key, entry?.KeyPlace ?? value.Place, inner));
    }

    /// <summary>Returns whether the path ends at an optional setting.</summary>
    private static bool IsOptional(ReadOnlySpan<string> path, Shape? shape)
    {
        for (; path.Length > 1; path = path[1..])
        {
            shape = shape?.Under(path[0]);
        }

        string key = path[0];
        return shape switch
        {
            RecordShape record => record.Members.Any(m => m.Key == key && !m.IsRequired),
            ChoiceShape choice => choice.Alternatives.Any(a => a.Key == key),
            _ => false,
        };
    }

    private static MappingNode Keeping(MappingNode lower, IEnumerable<string> keys, Shape? shape) =>
        shape is ChoiceShape
            ? lower with
            {
                Entries = [.. lower.Entries.Where(e => keys.Contains(e.Key, StringComparer.Ordinal))],
            }
            : lower;
}
