using BreakHis.SecretSearch;
using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>Reads spec files.</summary>
internal static class SpecReader
{
    /// <summary>The maximum number of experiments in one file.</summary>
    public const int MostVariants = 1000;

    /// <summary>The keys of a spec file that are not settings.</summary>
    /// <summary>Top-level keys that begin so are ignored: they hold YAML anchors.</summary>
    internal const string AnchorPrefix = "x-";

    internal static readonly IReadOnlyList<string> FileKeys = ["extends", "matrix"];

    /// <summary>Reads a spec file and its parents, and applies the command line's overrides.</summary>
    /// <param name="sets">Overrides, each <c>PATH=VALUE</c>; the last one wins.</param>
    /// <param name="seeds">Seeds that replace the file's, or null.</param>
    /// <returns>The experiments, or all problems; invalid input never throws.</returns>
    public static SpecFile Read(string path, IReadOnlyList<string> sets, IReadOnlyList<long>? seeds)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return new SpecFile(path, [new(ProblemCodes.UnreadableFile, "not a valid file name", path, 0, 0)], []);
        }

        List<Problem> problems = [];
        if (Secrets.Find(path) is string kind)
        {
            return new SpecFile(path, [SpecSecrets.OfFileName(kind)], []);
        }

        return SpecText.Read(SourceOf(path), path, problems) is { } text
            ? ReadText(text, path, sets, seeds, Environment.GetEnvironmentVariable)
            : new SpecFile(path, problems, []);
    }

    internal static SpecFile ReadText(
        string yaml,
        string path,
        IReadOnlyList<string> sets,
        IReadOnlyList<long>? seeds,
        Func<string, string?> variable
    )
    {
        List<Problem> problems = [];
        List<string> files = [Path.GetFullPath(path)];
        MappingNode? tree = SpecLayers.Read(SourceOf(path), yaml, files, problems);
        var overrides = sets.Select(s => SpecOverride.Parse(s, problems)).OfType<SpecOverride>().ToList();
        if (seeds is not null)
        {
            overrides.Add(SeedList.Override(seeds));
        }

        IReadOnlyList<SpecVariant> variants = tree is null
            ? []
            : SpecVariants.Of(overrides.Aggregate(tree, (t, o) => o.Apply(t, problems)), overrides, variable, problems);
        var sorted = problems
            .Distinct()
            .OrderBy(p => p.File != path)
            .ThenBy(p => p.File, StringComparer.Ordinal)
            .ThenBy(p => p.Line)
            .ThenBy(p => p.Column)
            .ToList();
        return new SpecFile(path, sorted, sorted.Count == 0 ? variants : []) { Files = files };
    }

    private static SpecSource SourceOf(string path) => new(path, Path.GetDirectoryName(Path.GetFullPath(path))!);
}
