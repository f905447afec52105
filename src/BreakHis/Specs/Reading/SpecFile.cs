using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>A spec file after reading.</summary>
/// <param name="Path">The file as the user named it.</param>
/// <param name="Problems">All problems, in file order.</param>
/// <param name="Variants">The experiments that the file describes, one per combination of its matrix and seed; empty if
/// there are problems.</param>
internal sealed record SpecFile(string Path, IReadOnlyList<Problem> Problems, IReadOnlyList<SpecVariant> Variants)
{
    /// <summary>The full paths of all files read: the spec file and its parents.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>One experiment of a spec file.</summary>
/// <param name="Spec">The spec, with exactly one seed and with paths as written.</param>
/// <param name="Choices">The values that the matrix chose; empty if there is no matrix.</param>
/// <param name="DataPath">The full path of <c>data.path</c> with variables replaced, or null for synthetic
/// images.</param>
/// <param name="WeightsPath">The full path of <c>model.weights</c> with variables replaced, or null for imagenet and
/// none.</param>
internal sealed record SpecVariant(
    ExperimentSpec Spec,
    IReadOnlyList<MatrixChoice> Choices,
    string? DataPath,
    string? WeightsPath
)
{
    /// <summary>The full path of <c>data.split.file</c> with variables replaced, or null if it is not set.</summary>
    public string? SplitFile { get; init; }

    /// <summary>The tree from which the spec was bound.</summary>
    internal SpecNode Tree { get; init; } = null!;

    /// <summary>Creates a problem at the place of a setting, or of its nearest ancestor in the file.</summary>
    /// <param name="code">One of <see cref="ProblemCodes"/>.</param>
    /// <param name="path">The dotted path of the setting.</param>
    /// <param name="message">The fault and what to do about it.</param>
    public Problem ProblemAt(string code, string path, string message) =>
        Tree.Nearest(path).Place.Problem(code, $"{path}: {message}");
}
