using BreakHis.Json;
using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>One dimension of a matrix.</summary>
/// <param name="Path">The dotted path of the setting.</param>
internal sealed record MatrixAxis(string Path, IReadOnlyList<SpecNode> Values);

/// <summary>Reads <c>matrix</c> and expands its combinations.</summary>
internal static class SpecMatrix
{
    // Torch selects its math paths only once per process.
    private static readonly string Determinism = SnakeCase.Of(nameof(ExperimentSpec.Determinism));

    /// <summary>Returns the axes, except those of paths that the command line sets.</summary>
    public static IReadOnlyList<MatrixAxis> Axes(
        MappingNode tree,
        IReadOnlyList<SpecOverride> sets,
        List<Problem> problems
    )
    {
        SpecNode? matrix = tree.Find("matrix")?.Value;
        if (matrix is null || CoreSchema.IsExplicitNull(matrix))
        {
            return [];
        }

        if (matrix is not MappingNode mapping)
        {
            problems.Add(
                matrix.Place.Problem(
                    ProblemCodes.BadMatrix,
                    "matrix: expected a mapping of dotted paths to lists of values"
                )
            );
            return [];
        }

        List<MatrixAxis> axes = [];
        foreach (
            MappingEntry entry in mapping.Entries.Where(e =>
                !CoreSchema.IsExplicitNull(e.Value) && sets.All(s => s.DottedPath != e.Key)
            )
        )
        {
            if (Wrong(entry, axes, sets, tree) is { } wrong)
            {
                problems.Add(entry.KeyPlace.Problem(ProblemCodes.BadMatrix, $"matrix: {entry.Key}: {wrong}"));
            }
            else
            {
                axes.Add(new MatrixAxis(entry.Key, ((SequenceNode)entry.Value).Items));
            }
        }

        return axes;
    }

    private static string? Wrong(
        MappingEntry entry,
        IEnumerable<MatrixAxis> axes,
        IEnumerable<SpecOverride> sets,
        MappingNode tree
    ) =>
        UnknownPath(entry.Key)
        ?? (
            entry.Value is not SequenceNode { Items.Count: > 0 } values ? "expected a list of at least one value"
            : values.Items.Select(v => v.Flow()).Distinct(StringComparer.Ordinal).Count() < values.Items.Count
                ? "a value is in the list twice"
            : entry.Key == Determinism && values.Items.Count > 1
                ? "native and portable specs cannot run in one call; write a spec for each"
            : axes.FirstOrDefault(a => Contains(a.Path, entry.Key) || Contains(entry.Key, a.Path)) is { } axis
                ? $"overlaps with {axis.Path}, which is also in the matrix"
            : sets.FirstOrDefault(s => Contains(entry.Key, s.DottedPath)) is { } part
                ? $"--set {part.DottedPath} sets part of it"
            : sets.FirstOrDefault(s => Contains(s.DottedPath, entry.Key)) is { } whole
                ? $"--set {whole.DottedPath} replaces all of it"
            : NullAbove(tree, entry.Key) is { } removed ? $"{removed} is null; remove one of the two"
            : SpecPaths.MissingStage(tree, entry.Key) is { } stage ? $"the spec has no stage {stage}; add it"
            : null
        );

    /// <summary>Returns the outermost ancestor of a path whose value is null, or null if there is none.</summary>
    private static string? NullAbove(MappingNode tree, string path) =>
        SpecPaths.Above(path).FirstOrDefault(above => tree.At(above) is { } node && CoreSchema.IsExplicitNull(node));

    private static bool Contains(string outer, string inner) => inner.StartsWith(outer + ".", StringComparison.Ordinal);

    private static string? UnknownPath(string path)
    {
        IEnumerable<string> paths = SpecPaths.InMatrix.Select(p => p.Dotted);
        return paths.Contains(path, StringComparer.Ordinal) ? null
            : path == SpecPaths.Seeds ? "write seeds at the top level; every combination runs with each seed"
            : $"a matrix cannot vary this; expected the path of a setting, such as stages.bottleneck.epochs{NearestName.Question(path, paths)}";
    }

    /// <summary>Returns the number of combinations, at most <see cref="int.MaxValue"/>.</summary>
    public static int Count(IEnumerable<MatrixAxis> axes) =>
        axes.Aggregate(1, (count, axis) => (int)Math.Min(int.MaxValue, (long)count * axis.Values.Count));

    /// <summary>Returns every combination of values; the last axis varies fastest.</summary>
    public static IEnumerable<IReadOnlyList<SpecNode>> Combinations(IEnumerable<MatrixAxis> axes) =>
        axes.Aggregate<MatrixAxis, IEnumerable<IReadOnlyList<SpecNode>>>(
            [
                [],
            ],
            (combinations, axis) =>
                combinations.SelectMany(c => axis.Values.Select(v => (IReadOnlyList<SpecNode>)[.. c, v]))
        );
}
