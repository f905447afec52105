using BreakHis.Specs.Problems;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>Reads a spec file and merges it over the parent named by <c>extends</c>.</summary>
internal static class SpecLayers
{
    private const string Extends = "extends";
    private const int LongestChain = 32;

    /// <summary>Returns the merged tree, or null if there are problems.</summary>
    /// <param name="chain">The full paths of the files that extend this one, and of the file itself at the end; its
    /// parents are appended.</param>
    /// <param name="problems">The list that problems are added to.</param>
    public static MappingNode? Read(SpecSource source, string text, List<string> chain, List<Problem> problems)
    {
        SpecNode? tree = SpecText.Check(source, text, problems) is { } checkedText
            ? YamlTree.Read(source, checkedText, problems)
            : null;
        if (tree is null)
        {
            return null;
        }

        if (tree is not MappingNode mapping)
        {
            problems.Add(tree.Place.Problem(ProblemCodes.WrongType, "expected a mapping (key: value)"));
            return null;
        }

        if (mapping.Find(Extends) is not { } extends || CoreSchema.IsExplicitNull(extends.Value))
        {
            return mapping.Without(Extends);
        }

        MappingNode own = mapping.Without(Extends);
        return Parent(extends.Value, chain, problems) is { } parent
            ? (MappingNode)SpecMerge.Over(parent, own, ShapeReflection.Spec)
            : null;
    }

    private static MappingNode? Parent(SpecNode extends, List<string> chain, List<Problem> problems)
    {
        if (extends is not ScalarNode { Text: var name } || string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            return Refuse("expected the path of a spec file");
        }

        if (PathVariables.Has(name))
        {
            problems.Add(extends.Place.Problem(ProblemCodes.BadVariable, $"extends: {PathVariables.NotHere}"));
            return null;
        }

        if (name.StartsWith('~'))
        {
            return Refuse($"'{name}': ~ is not understood here; write the path in full, or relative to this file");
        }

        SpecSource source = extends.Place.Source;
        string path = Path.GetFullPath(Path.Combine(source.Folder, name));
        string shown = Path.Combine(Path.GetDirectoryName(source.Name) ?? "", name);
        if (chain.Contains(path, StringComparer.Ordinal))
        {
            return Refuse($"'{name}' extends itself (cycle: {Cycle(chain, path)})");
        }

        if (chain.Count >= LongestChain)
        {
            return Refuse($"more than {LongestChain} files in the chain of parents");
        }

        List<Problem> found = [];
        var parent = new SpecSource(shown, Path.GetDirectoryName(path)!);
        if (SpecText.Read(parent, path, found) is not { } text)
        {
            return Refuse($"cannot use '{shown}' as the parent: {found[0].Message}");
        }

        chain.Add(path);
        return Read(parent, text, chain, problems);

        MappingNode? Refuse(string what)
        {
            problems.Add(extends.Place.Problem(ProblemCodes.BadParent, $"extends: {what}"));
            return null;
        }
    }

    /// <summary>
    /// Returns the files from the first to the second occurrence of a path: a.yaml -> b.yaml -> a.yaml.
    /// </summary>
    private static string Cycle(List<string> chain, string path) =>
        string.Join(
            " -> ",
            chain[chain.IndexOf(path)..]
                .Append(path)
                .Select(file => Path.GetRelativePath(Path.GetDirectoryName(chain[0])!, file))
        );
}
