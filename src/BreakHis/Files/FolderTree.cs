namespace BreakHis.Files;

/// <summary>Lists the files below a folder, following links.</summary>
internal static class FolderTree
{
    private const int Deepest = 64;

    private static readonly EnumerationOptions Here = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>
    /// Returns the paths of the files. Each folder is listed once, under its real path if that is below the root, so
    /// cycles of links end. A link to a parent folder is not followed.
    /// </summary>
    /// <param name="folder">An absolute folder.</param>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to a folder is denied.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        List<string> files = [];
        HashSet<string> listed = new(StringComparer.Ordinal);
        var links = new SortedSet<string>(StringComparer.Ordinal);
        List(folder, Real(new DirectoryInfo(folder)), files, links, listed, 0);
        while (links.Min is string link)
        {
            links.Remove(link);
            string real = Real(new DirectoryInfo(link));
            if (Directory.Exists(real) && !listed.Contains(real) && !IsAbove(real, folder))
            {
                List(link, real, files, links, listed, 0);
            }
        }

        return files;
    }

    /// <param name="folder">The folder, by the path under which its files are listed.</param>
    /// <param name="real">The folder's real path.</param>
    /// <param name="links">Collects the folders that are links.</param>
    /// <param name="listed">Collects the real paths of the folders listed so far.</param>
    /// <param name="depth">The number of parent folders.</param>
    private static void List(
        string folder,
        string real,
        List<string> files,
        SortedSet<string> links,
        HashSet<string> listed,
        int depth
    )
    {
        if (depth > Deepest || !listed.Add(real))
        {
            return;
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Here))
        {
            if (entry is not DirectoryInfo)
            {
                files.Add(entry.FullName);
            }
            else if (entry.LinkTarget is not null)
            {
                links.Add(entry.FullName);
            }
            else
            {
                List(entry.FullName, Path.Combine(real, entry.Name), files, links, listed, depth + 1);
            }
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
}
