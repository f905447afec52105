using System.Diagnostics;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>The path of a setting.</summary>
/// <param name="Dotted">The dotted path, as in overrides and matrices.</param>
/// <param name="SchemaPointer">The JSON pointer of its description in the JSON Schema.</param>
internal sealed record SpecPath(string Dotted, string SchemaPointer);

/// <summary>The paths of all settings.</summary>
internal static class SpecPaths
{
    /// <summary>The key of the seeds, with which every combination of the matrix runs.</summary>
    public const string Seeds = "seeds";

    private static readonly string[] NotInMatrix = ["name", "about", Seeds];

    /// <summary>The paths that a matrix can vary, parents before children.</summary>
    public static IReadOnlyList<SpecPath> InMatrix { get; } =
    [.. Under(ShapeReflection.Spec, "", "#").Where(p => !NotInMatrix.Contains(p.Dotted, StringComparer.Ordinal))];

    /// <summary>Returns the ancestors of a path, outermost first: stages, stages.bottleneck.</summary>
    public static IEnumerable<string> Above(string dotted)
    {
        string[] keys = dotted.Split('.');
        return Enumerable.Range(1, keys.Length - 1).Select(count => string.Join('.', keys[..count]));
    }

    /// <summary>
    /// Returns the stage of a setting if the spec does not have that stage, or null. Otherwise a single setting would
    /// add a complete stage to a run.
    /// </summary>
    public static string? MissingStage(MappingNode tree, string dotted) =>
        dotted.Split('.') is ["stages", { } stage, _, ..]
        && ShapeReflection.Spec.Under("stages")?.Under(stage) is not null
        && tree.At($"stages.{stage}") is not MappingNode
            ? stage
            : null;

    private static IEnumerable<SpecPath> Under(Shape shape, string prefix, string pointer)
    {
        IEnumerable<(string Key, Shape Shape, string Pointer)> inner = shape switch
        {
            RecordShape record => record.Members.Select(m => (m.Key, m.Shape, $"{pointer}/properties/{m.Key}")),
            ChoiceShape choice => choice.Alternatives.Select(
                (a, i) => (a.Key, a.Shape, $"{pointer}/oneOf/{i}/properties/{a.Key}")
            ),
            TruthShape or WholeShape or NumberShape or TextShape or NameShape or ListShape or MapShape => [],
            _ => throw new UnreachableException($"unknown: {shape}"),
        };
        return inner.SelectMany(i =>
            Under(i.Shape, $"{prefix}{i.Key}.", i.Pointer).Prepend(new SpecPath(prefix + i.Key, i.Pointer))
        );
    }
}
