namespace BreakHis.Files;

/// <summary>The files and empty folders below a folder, following links.</summary>
/// <param name="Files">Absolute paths, hidden files included.</param>
/// <param name="EmptyFolders">Absolute paths of folders without files and folders.</param>
internal sealed record FolderTree(IReadOnlyList<string> Files, IReadOnlyList<string> EmptyFolders)
{
    private const int Deepest = 64;

    /// <summary>Lists a folder and its subfolders, hidden ones too, but no links, which could lead anywhere.</summary>
    public static EnumerationOptions WithoutLinks { get; } =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static readonly EnumerationOptions Everything = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
    };

    private static readonly EnumerationOptions Accessible = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.None,
    };

    /// <summary>
    /// Lists a folder. Each folder is listed once, under its real path if that is below the root, so cycles of links
    /// end. A link to a parent folder is not followed. Hidden folders that cannot be read are skipped.
    /// </summary>
    /// <param name="folder">An absolute folder.</param>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a folder is denied.</exception>
    public static FolderTree Of(string folder)
    {
        var found = new Found([], []);
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var links = new SortedSet<string>(StringComparer.Ordinal);
        List(folder, Real(new DirectoryInfo(folder)), found, links, listed, 0);
        while (links.Min is string link)
        {
            links.Remove(link);
            string real = Real(new DirectoryInfo(link));
            if (Directory.Exists(real) && !listed.Contains(real) && !IsAbove(real, folder))
            {
                List(link, real, found, links, listed, 0);
            }
        }

        return new FolderTree(found.Files, found.EmptyFolders);
    }

    /// <param name="folder">The folder, by the path under which its files are listed.</param>
    /// <param name="real">The folder's real path.</param>
    /// <param name="found">Collects the files and empty folders.</param>
    /// <param name="links">Collects the folders that are links.</param>
    /// <param name="listed">Collects the real paths of the folders listed so far.</param>
    /// <param name="depth">The number of parent folders.</param>
    private static void List(
        string folder,
        string real,
        Found found,
        SortedSet<string> links,
        HashSet<string> listed,
        int depth
    )
    {
        if (depth > Deepest || !listed.Add(real))
        {
            return;
        }

        EnumerationOptions options = depth > 0 && Path.GetFileName(folder).StartsWith('.') ? Accessible : Everything;
        bool isEmpty = true;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options))
        {
            isEmpty = false;
            if (entry is not DirectoryInfo)
            {
                found.Files.Add(entry.FullName);
            }
            else if (entry.LinkTarget is not null)
            {
                links.Add(entry.FullName);
            }
            else
            {
                List(entry.FullName, Path.Combine(real, entry.Name), found, links, listed, depth + 1);
            }
        }

        if (isEmpty)
        {
            found.EmptyFolders.Add(folder);
        }
    }

    private static string Real(DirectoryInfo folder) =>
        folder.LinkTarget is null
            ? folder.FullName
            : folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;

    private static bool IsAbove(string folder, string below) =>
        below.StartsWith(
            Path.TrimEndingDirectorySeparator(folder).TrimEnd(Path.DirectorySeparatorChar)
                + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );

    private sealed record Found(List<string> Files, List<string> EmptyFolders);
}
