namespace BreakHis.Provenance.Git;

/// <summary>
/// Folders with very many untracked files, such as a virtual environment or the results of a sweep. Their files are
/// counted instead of listed.
/// </summary>
internal static class LargeFolders
{
    /// <summary>The most untracked files of a folder that are looked at one by one.</summary>
    private const int Most = 1000;

    /// <summary>Separates the untracked files of such folders from the other changes.</summary>
    /// <param name="tracked">The paths in the index.</param>
    public static (IReadOnlyList<TreeChange> Changes, IReadOnlyList<Omission> Folders) Separate(
        IReadOnlyList<TreeChange> changes,
        IEnumerable<string> tracked
    )
    {
        var trackedFolders = new HashSet<string>(tracked.SelectMany(FoldersAbove), StringComparer.Ordinal);
        TreeChange[] untracked = [.. changes.Where(change => !change.IsTracked)];
        Dictionary<string, string> places = Untracked(untracked, trackedFolders);
        string[] rest = [.. untracked.Select(change => change.Path).Where(path => !places.ContainsKey(path))];
        foreach (IGrouping<bool, string> kind in rest.GroupBy(UntrackedFile.IsCode))
        {
            Assign([.. kind], places);
        }

        return (
            [.. changes.Where(change => !places.ContainsKey(change.Path))],
            [
                .. places
                    .Values.CountBy(folder => folder, StringComparer.Ordinal)
                    .OrderBy(folder => folder.Key, StringComparer.Ordinal)
                    .Select(folder => Folder(folder.Key, folder.Value, trackedFolders)),
            ]
        );
    }

    private static Omission Folder(string path, int count, HashSet<string> tracked) =>
        Omission.Folder(
            path == "" ? "." : path,
            path == "" || tracked.Contains(path)
                ? $"{count} untracked files in a folder with tracked files"
                : $"untracked folder with {count} files"
        );

    /// <summary>Finds the outermost folder without any tracked file that has very many, of each file in one.</summary>
    private static Dictionary<string, string> Untracked(TreeChange[] untracked, HashSet<string> tracked)
    {
        string FolderOf(TreeChange change) =>
            FoldersAbove(change.Path).FirstOrDefault(folder => !tracked.Contains(folder)) ?? "";
        var large = untracked
            .CountBy(FolderOf, StringComparer.Ordinal)
            .Where(folder => folder.Key != "" && folder.Value > Most)
            .Select(folder => folder.Key)
            .ToHashSet(StringComparer.Ordinal);
        return untracked
            .Where(change => large.Contains(FolderOf(change)))
            .ToDictionary(change => change.Path, FolderOf, StringComparer.Ordinal);
    }

    /// <summary>Finds the innermost folder that has very many, with its subfolders, of each file in one.</summary>
    private static void Assign(string[] paths, Dictionary<string, string> places)
    {
        ILookup<string, string> below = paths
            .SelectMany(path => FoldersAbove(path).Append("").Select(folder => (folder, path)))
            .ToLookup(item => item.folder, item => item.path, StringComparer.Ordinal);
        foreach (
            IGrouping<string, string> folder in below.OrderByDescending(folder =>
                folder.Key == "" ? -1 : folder.Key.Count(c => c == '/')
            )
        )
        {
            string[] left = [.. folder.Where(path => !places.ContainsKey(path))];
            foreach (string path in left.Length > Most ? left : [])
            {
                places[path] = folder.Key;
            }
        }
    }

    /// <summary>Returns the folders that contain a path, from the outermost.</summary>
    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (int at = path.IndexOf('/', StringComparison.Ordinal); at >= 0; at = path.IndexOf('/', at + 1))
        {
            yield return path[..at];
        }
    }
}
