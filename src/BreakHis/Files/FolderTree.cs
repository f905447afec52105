namespace BreakHis.Files;

/// <summary>The files and empty folders below a folder, following links, and the folders that were not listed.</summary>
/// <param name="Files">Absolute paths, hidden files included.</param>
/// <param name="EmptyFolders">Absolute paths of folders without files and folders.</param>
/// <param name="Cycles">Absolute paths of links to a folder that contains them, which are not followed.</param>
/// <param name="TooDeep">Absolute paths of folders that are not listed because they are below too many others.</param>
internal sealed record FolderTree(
    IReadOnlyList<string> Files,
    IReadOnlyList<string> EmptyFolders,
    IReadOnlyList<string> Cycles,
    IReadOnlyList<string> TooDeep
)
{
    /// <summary>The most folders that may be above one, up to the listed folder.</summary>
    public const int Deepest = 64;

    /// <summary>Lists a folder and its subfolders, hidden ones too, but no links, which could lead anywhere.</summary>
    public static EnumerationOptions WithoutLinks { get; } =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// Lists a folder. A folder that several links lead to is listed under each of these paths, so that no image is missing
    /// where it is used; a hidden folder is listed once. Links to a folder that contains them are not followed. Hidden
    /// folders that cannot be read are skipped.
    /// </summary>
    /// <param name="folder">An absolute folder.</param>
    /// <exception cref="IOException">A folder cannot be listed, or links lead to the same folders too often.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a folder is denied.</exception>
    public static FolderTree Of(string folder) => new FolderWalk().List(folder);
}
