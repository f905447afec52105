namespace BreakHis.Files;

/// <summary>The files below a folder, links followed.</summary>
internal static class FolderTree
{
    private const int Deepest = 64;

    private static readonly EnumerationOptions Here = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
    };

    /// <summary>
    /// Paths of files. Each folder is listed once, at its own place where it has one below, so that links in a ring end;
    /// a link to a folder above is not followed.
    /// </summary>
    /// <param name="folder">An absolute folder.</param>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
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

    /// <param name="folder">The folder by the name under which its files are known.</param>
    /// <param name="real">The folder by its own name.</param>
    /// <param name="links">Gets the folders that are links.</param>
    /// <param name="listed">Gets the own names of folders.</param>
    /// <param name="depth">Folders above it.</param>
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
