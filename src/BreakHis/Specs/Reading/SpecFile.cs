using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>A spec file as read.</summary>
/// <param name="Path">The file as the user named it.</param>
/// <param name="Problems">All that is wrong with it, in the order of the file.</param>
/// <param name="Variants">The experiments it describes, one for each combination of its matrix and each seed; none where there are problems.</param>
internal sealed record SpecFile(string Path, IReadOnlyList<Problem> Problems, IReadOnlyList<SpecVariant> Variants)
{
    /// <summary>The full paths of the files that it was read from: the file and its parents.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>One experiment of a spec file.</summary>
/// <param name="Spec">What it says, with exactly one seed, and paths as they are written.</param>
/// <param name="Choices">What the matrix chose for it; empty where there is no matrix.</param>
/// <param name="DataPath">The full path of <c>data.path</c>, variables put in, or null for synthetic images.</param>
/// <param name="WeightsPath">The full path of <c>model.weights</c>, variables put in, or null for imagenet and none.</param>
internal sealed record SpecVariant(
    ExperimentSpec Spec,
    IReadOnlyList<MatrixChoice> Choices,
    string? DataPath,
    string? WeightsPath
)
{
    /// <summary>The full path of <c>data.split.file</c>, variables put in, or null where there is none.</summary>
    public string? SplitFile { get; init; }

    /// <summary>The tree that the spec was bound from.</summary>
    internal SpecNode Tree { get; init; } = null!;

    /// <summary>A problem at the place of a setting, or of the nearest one above it that the file gives.</summary>
    /// <param name="code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="path">The dotted path of the setting.</param>
    /// <param name="message">What is wrong with it, and what to do.</param>
    public Problem ProblemAt(string code, string path, string message) =>
        Tree.Nearest(path).Place.Problem(code, $"{path}: {message}");
}
