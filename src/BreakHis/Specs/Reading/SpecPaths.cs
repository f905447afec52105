using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>A path of a setting.</summary>
/// <param name="Dotted">The path as overrides and matrices write it.</param>
/// <param name="SchemaPointer">Where the JSON Schema describes it.</param>
internal sealed record SpecPath(string Dotted, string SchemaPointer);

/// <summary>The paths that a spec can have.</summary>
internal static class SpecPaths
{
    private static readonly string[] NotInMatrix = ["name", "about", "seeds"];

    /// <summary>Those that a matrix may vary, outer before inner.</summary>
    public static IReadOnlyList<SpecPath> InMatrix { get; } =
    [.. Under(ShapeReflection.Spec, "", "#").Where(p => !NotInMatrix.Contains(p.Dotted, StringComparer.Ordinal))];

    private static IEnumerable<SpecPath> Under(Shape shape, string prefix, string pointer)
    {
        IEnumerable<(string Key, Shape Shape, string Pointer)> inner = shape switch
        {
            RecordShape record => record.Members.Select(m => (m.Key, m.Shape, $"{pointer}/properties/{m.Key}")),
            ChoiceShape choice => choice.Alternatives.Select(
                (a, i) => (a.Key, a.Shape, $"{pointer}/oneOf/{i}/properties/{a.Key}")
            ),
            _ => [],
        };
        return inner.SelectMany(i =>
            Under(i.Shape, $"{prefix}{i.Key}.", i.Pointer).Prepend(new SpecPath(prefix + i.Key, i.Pointer))
        );
    }
}
