namespace BreakHis.Data.Splits;

/// <summary>One line of a split file.</summary>
/// <param name="Line">The line number, counted from 1.</param>
/// <param name="Name">A file name, the end of a path or a complete path, with forward slashes; or a patient.</param>
/// <param name="Fold">The fold, or null if the file has none.</param>
internal sealed record SplitLine(long Line, string Name, int? Fold, Side Side)
{
    /// <summary>Whether the line gives the side of a patient, not of an image; null if only the images can say.</summary>
    public bool? IsPatient { get; init; } = false;

    /// <summary>Whether the path was absolute; its first folders then belong to the machine that wrote it.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>The file of the line if the split is a folder of lists, for messages.</summary>
    public string? List { get; init; }
}
