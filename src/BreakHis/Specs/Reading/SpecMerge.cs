using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>Merges one tree into another.</summary>
internal static class SpecMerge
{
    /// <summary>
    /// The lower tree with the upper one over it: mappings are merged key by key, everything else is replaced. Of a
    /// choice, only the upper alternative remains. A null stays in the tree and means that the setting is not given.
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
    /// The tree with a value in place of what is at a path. Missing mappings on the way are created, but not for a null:
    /// it changes nothing if nothing is there to remove.
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

    /// <summary>Whether the path ends at a setting that may be left out.</summary>
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
