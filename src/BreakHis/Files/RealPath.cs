namespace BreakHis.Files;

/// <summary>The path of a folder without links.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>Follows the links in each part of a path, as the system does. What does not exist stays as it is.</summary>
    /// <param name="path">An absolute path.</param>
    public static string Of(string path)
    {
        int links = 0;
        return Below("", path, ref links);
    }

    /// <param name="folder">The real path of the folder where the path begins, if it is relative.</param>
    /// <param name="path">Absolute, or relative to the folder; it may contain links.</param>
    /// <param name="links">The number of links followed so far.</param>
    private static string Below(string folder, string path, ref int links)
    {
        string root = Path.GetPathRoot(path) ?? "";
        string real = root.Length > 0 ? root : folder;
        string[] parts = path[root.Length..].Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        foreach (string part in parts)
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            string next = Path.Combine(real, part);
            real =
                new DirectoryInfo(next).LinkTarget is string target && links++ < MostLinks
                    ? Below(real, target, ref links)
                    : next;
        }

        return real;
    }
}
