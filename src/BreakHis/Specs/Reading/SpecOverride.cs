using BreakHis.Specs.Problems;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>An override of a spec file on the command line: <c>--set PATH=VALUE</c>.</summary>
/// <param name="Path">The keys that lead to the value.</param>
internal sealed record SpecOverride(IReadOnlyList<string> Path, SpecNode Value)
{
    /// <summary>The most keys of a path; no setting has that many.</summary>
    private const int MostKeys = 32;

    private static readonly string[] NotSettable = ["extends"];

    public string DottedPath => string.Join('.', Path);

    /// <summary>
    /// Parses PATH=VALUE, or returns null and adds a problem. Relative paths refer to the current folder.
    /// </summary>
    public static SpecOverride? Parse(string text, List<Problem> problems)
    {
        var source = new SpecSource($"--set {text}", Environment.CurrentDirectory);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] path = text[..Math.Max(equals, 0)].Split('.');
        if (path.Any(string.IsNullOrWhiteSpace) || path.Length > MostKeys)
        {
            return Refuse("expected PATH=VALUE, for example stages.bottleneck.epochs=5");
        }

        if (NotSettable.Contains(path[0]) || (path[0] == "matrix" && path.Length > 1))
        {
            return Refuse($"{string.Join('.', path)} can only be set in the file");
        }

        string? yaml = SpecText.Check(source, text[(equals + 1)..], problems);
        if (yaml is null)
        {
            return null;
        }

        return yaml.Trim().Length == 0 ? Refuse("no value after '='; use null to remove the key")
            : YamlTree.Read(source, yaml, problems) is { } value ? new SpecOverride(path, value)
            : null;

        SpecOverride? Refuse(string what)
        {
            problems.Add(new Place(source, 1, 1).Problem(ProblemCodes.BadOverride, what));
            return null;
        }
    }

    /// <summary>Returns the tree with the value at its path.</summary>
    public MappingNode Apply(MappingNode tree) =>
        (MappingNode)SpecMerge.Set(tree, [.. Path], Value, ShapeReflection.Spec);

    /// <summary>
    /// Returns the tree with the value at its path. If the spec does not have the setting's stage, adds a problem and
    /// returns the tree unchanged.
    /// </summary>
    public MappingNode Apply(MappingNode tree, List<Problem> problems)
    {
        if (CoreSchema.IsExplicitNull(Value) || SpecPaths.MissingStage(tree, DottedPath) is not { } stage)
        {
            return Apply(tree);
        }

        problems.Add(
            Value.Place.Problem(
                ProblemCodes.BadOverride,
                $"{DottedPath}: the spec has no stage {stage}; add the stage to the spec, or set all of it: --set 'stages.{stage}={{ ... }}'"
            )
        );
        return tree;
    }
}
