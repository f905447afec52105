using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>Creates the experiments of a merged tree.</summary>
internal static class SpecVariants
{
    public static IReadOnlyList<SpecVariant> Of(
        MappingNode tree,
        IReadOnlyList<SpecOverride> sets,
        Func<string, string?> variable,
        List<Problem> problems
    )
    {
        IReadOnlyList<MatrixAxis> axes = SpecMatrix.Axes(tree, sets, problems);
        if (SpecMatrix.Count(axes) > SpecReader.MostVariants)
        {
            problems.Add(TooMany(tree, $"{SpecMatrix.Count(axes)} combinations"));
            axes = [.. axes.Select(a => a with { Values = [a.Values[0]] })];
        }

        MappingNode settings = tree.Without("matrix");
        List<SpecVariant> variants = [];
        foreach (IReadOnlyList<SpecNode> values in SpecMatrix.Combinations(axes))
        {
            var chosen = axes.Zip(values, (axis, value) => new SpecOverride(axis.Path.Split('.'), value)).ToList();
            var choices = chosen.Select(c => new MatrixChoice(c.DottedPath, c.Value.Flow())).ToList();
            if (One(chosen.Aggregate(settings, (t, c) => c.Apply(t)), choices, variable, problems) is { } variant)
            {
                variants.Add(variant);
            }
        }

        CheckDistinct(variants, tree, problems);
        int count = variants.Sum(v => v.Spec.Seeds.Count);
        if (count > SpecReader.MostVariants)
        {
            problems.Add(TooMany(tree, $"{count} combinations and seeds"));
            return [];
        }

        return [.. variants.SelectMany(v => v.Spec.Seeds.Select(s => v with { Spec = v.Spec with { Seeds = [s] } }))];
    }

    private static Problem TooMany(MappingNode tree, string what) =>
        tree.Nearest("matrix")
            .Place.Problem(ProblemCodes.BadMatrix, $"matrix: {what} give more than {SpecReader.MostVariants} runs");

    private static SpecVariant? One(
        MappingNode tree,
        IReadOnlyList<MatrixChoice> choices,
        Func<string, string?> variable,
        List<Problem> problems
    )
    {
        BoundSpec bound = SpecBinder.Bind(tree);
        ExperimentSpec spec = bound.Spec;
        int before = problems.Count;
        problems.AddRange([.. bound.Problems, .. SpecRules.Check(bound, tree), .. SpecSecrets.In(tree)]);
        var variant = new SpecVariant(
            spec,
            choices,
            FullPath(spec.Data?.Path, "data.path", tree, variable, problems),
            FullPath(spec.Model?.Weights?.Path, "model.weights", tree, variable, problems)
        )
        {
            SplitFile = FullPath(spec.Data?.Split?.File, "data.split.file", tree, variable, problems),
            Tree = tree,
        };
        return problems.Count == before ? variant : null;
    }

    private static string? FullPath(
        string? text,
        string path,
        SpecNode tree,
        Func<string, string?> variable,
        List<Problem> problems
    )
    {
        if (text is null)
        {
            return null;
        }

        Place place = tree.Nearest(path).Place;
        (string? expanded, string? wrong) = PathVariables.Expand(text, variable);
        if (expanded is not null)
        {
            string full = Path.GetFullPath(Path.Combine(place.Source.Folder, expanded));
            problems.AddRange(SpecSecrets.In(full, path, place) is { } problem ? [problem] : []);
            return full;
        }

        problems.Add(place.Problem(ProblemCodes.BadVariable, $"{path}: {wrong}"));
        return null;
    }

    private static void CheckDistinct(IEnumerable<SpecVariant> variants, MappingNode tree, List<Problem> problems)
    {
        foreach (
            IGrouping<string, SpecVariant>? same in variants
                .GroupBy(v => CanonicalForm.HashOf(v.Spec), StringComparer.Ordinal)
                .Where(g => g.Count() > 1)
        )
        {
            IEnumerable<string> choices = same.Take(2)
                .Select(v => string.Join(", ", v.Choices.Select(c => $"{c.Path}: {c.Value}")));
            string what = $"matrix: two combinations are the same experiment: {string.Join(" and ", choices)}";
            problems.Add(tree.Nearest("matrix").Place.Problem(ProblemCodes.BadMatrix, what));
        }
    }
}
