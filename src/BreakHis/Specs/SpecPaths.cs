namespace BreakHis.Specs;

/// <summary>The dotted paths that a spec can have.</summary>
internal static class SpecPaths
{
    /// <summary>All of them, outer before inner.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Under(ShapeReflection.Spec, "")];

    private static IEnumerable<string> Under(Shape shape, string prefix)
    {
        IEnumerable<(string Key, Shape Shape)> inner = shape switch
        {
            RecordShape record => record.Members.Select(m => (m.Key, m.Shape)),
            ChoiceShape choice => choice.Alternatives.Select(a => (a.Key, a.Shape)),
            _ => [],
        };
        return inner.SelectMany(i => Under(i.Shape, $"{prefix}{i.Key}.").Prepend(prefix + i.Key));
    }
}
