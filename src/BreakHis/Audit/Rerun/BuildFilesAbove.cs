namespace BreakHis.Audit.Rerun;

/// <summary>
/// Files above a folder that a build in it would read: MSBuild, NuGet and the .NET host search all parent folders. In a
/// folder for temporary files, they may be anybody's.
/// </summary>
internal static class BuildFilesAbove
{
    private static readonly string[] Names =
    [
        "directory.build.props",
        "directory.build.rsp",
        "directory.build.targets",
        "directory.packages.props",
        "directory.solution.props",
        "directory.solution.targets",
        "dotnet-tools.json",
        "global.json",
        "nuget.config",
    ];

    /// <summary>Returns the nearest such file above a folder, or null.</summary>
    public static string? Of(string folder)
    {
        for (
            string? at = Path.GetDirectoryName(Path.GetFullPath(folder));
            at is not null;
            at = Path.GetDirectoryName(at)
        )
        {
            if ((In(at) ?? In(Path.Combine(at, ".config"))) is string file)
            {
                return file;
            }
        }

        return null;
    }

    private static string? In(string folder)
    {
        try
        {
            return Directory
                .EnumerateFiles(folder)
                .Where(file => Names.Contains(Path.GetFileName(file).ToLowerInvariant(), StringComparer.Ordinal))
                .Order(StringComparer.Ordinal)
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed, or does not exist. Builds search in it by name, but do not list it either.
            return null;
        }
    }
}
