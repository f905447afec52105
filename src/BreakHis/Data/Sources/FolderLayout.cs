using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>Signs that the folders where classes are expected are not the classes.</summary>
internal static class FolderLayout
{
    private const double NearlyAll = 0.9;

    /// <summary>Demands that no supposed class folder consists of folders for the sides that contain classes.</summary>
    /// <param name="images">The relative paths of images in class folders that are in no folder for a side.</param>
    /// <exception cref="DataException">The folders for the sides are below the top level.</exception>
    public static void DemandSidesOnTop(string folder, IReadOnlyList<string> images)
    {
        string[][] paths = [.. images.Select(path => path.Split('/'))];
        int deepest = Math.Max(1, SharedLevels(paths));
        for (int level = 1; level <= deepest; level++)
        {
            IGrouping<string, string[]>? wrapper = paths
                .GroupBy(path => Above(path, level), StringComparer.Ordinal)
                .FirstOrDefault(inside => inside.All(path => IsSide(path, level)));
            if (wrapper is not null)
            {
                string side = wrapper.First()[level];
                throw new DataException(
                    $"{folder}: the folders for the sides, such as {wrapper.Key}/{side}, are not at the top level; use a deeper folder, for example data.path: {Path.Combine(folder, wrapper.Key)}"
                )
                {
                    Setting = "data.path",
                };
            }
        }
    }

    /// <summary>Returns what to do about images that are all in one class folder, or an empty text.</summary>
    /// <param name="images">The relative paths of all images, of which none is in a folder for a side.</param>
    public static string InsideOne(string folder, IEnumerable<string> images)
    {
        string[][] paths = [.. images.Select(path => path.Split('/'))];
        int level = SharedLevels(paths);
        string[] inside =
        [
            .. paths
                .Where(path => path.Length > level + 1)
                .Select(path => path[level])
                .Distinct(StringComparer.Ordinal),
        ];
        return level > 0 && inside.Length > 1
            ? $"; if the folders in it are the classes, such as {inside[0]} and {inside[1]}, use data.path: {Path.Combine(folder, Above(paths[0], level))}"
            : "";
    }

    /// <summary>Returns a note if nearly all class folders contain the same folders, and no images of their own.</summary>
    public static IEnumerable<string> SameFolders(IEnumerable<(string Path, string Class, string Patient)> images)
    {
        (string Class, string Below)[] folders = [.. images.Where(image => image.Patient.Length == 0).Select(Below)];
        IGrouping<string, string>[] classes =
        [
            .. folders
                .GroupBy(folder => folder.Class, folder => folder.Below, StringComparer.Ordinal)
                .Where(inside => !inside.Contains("", StringComparer.Ordinal)),
        ];
        KeyValuePair<string, int>[] names =
        [
            .. classes
                .SelectMany(inside => inside.Distinct(StringComparer.Ordinal))
                .CountBy(name => name, StringComparer.Ordinal)
                .OrderBy(name => name.Key, StringComparer.Ordinal),
        ];
        string[] common = [.. names.Where(name => name.Value >= NearlyAll * classes.Length).Select(name => name.Key)];
        return classes.Length < 2 || common.Length < 2 || 2 * common.Length < names.Length
            ? []
            :
            [
                $"the classes {Listing.Words([.. classes.Select(inside => inside.Key)], shown: 3)} all contain the folders {Listing.Words(common)}; if these are the classes, move them to the top level of data.path (docs/data.md)",
            ];
    }

    /// <summary>Returns the folder directly below an image's class folder, or an empty text.</summary>
    private static (string Class, string Below) Below((string Path, string Class, string Patient) image)
    {
        string[] path = image.Path.Split('/');
        int at = Array.IndexOf(path, image.Class);
        return (image.Class, at >= 0 && at + 2 < path.Length ? path[at + 1] : "");
    }

    /// <summary>Returns the number of folders, from the top, that contain all images.</summary>
    private static int SharedLevels(string[][] paths)
    {
        int level = 0;
        while (
            paths.Length > 0
            && Array.TrueForAll(paths, path => path.Length > level + 1 && path[level] == paths[0][level])
        )
        {
            level++;
        }

        return level;
    }

    private static string Above(string[] path, int level) => string.Join('/', path.Take(level));

    /// <summary>Returns whether a path has a folder for a side at a level, and a folder for a class in it.</summary>
    private static bool IsSide(string[] path, int level) =>
        path.Length > level + 2 && Sides.Named(path[level]) is not null;
}
