namespace BreakHis.Data.Sources;

/// <summary>Classes of which a folder contains files, but no image that is used.</summary>
internal static class LostClasses
{
    /// <summary>Demands that no class loses all of its images.</summary>
    /// <param name="used">The classes with images.</param>
    /// <param name="classOf">Returns the class of a file by its path, or null if it has none.</param>
    /// <exception cref="DataException">A class has files, but no image that is used.</exception>
    public static void DemandNone(
        string folder,
        ImageFolder content,
        IEnumerable<string> used,
        Func<string, string?> classOf
    )
    {
        var classes = used.ToHashSet(StringComparer.Ordinal);
        (string Class, string Path)? lost =
            Lost(content.Unread) ?? Lost(content.Unnamed) ?? Lost(content.Excluded) ?? Lost(content.Previews);
        if (lost is var (name, path))
        {
            throw IsIn(content.Excluded, path)
                ? Excluded(name)
                : new DataException($"{folder}: class {name} has {What(content, path)}");
        }

        // Without any class, these may be files of anything.
        if (classes.Count > 0 && Lost([.. content.OtherFiles.Where(path => !IsDocument(path))]) is var (other, file))
        {
            throw new DataException(
                $"{folder}: class {other} has no image, but other files, such as {file}; convert them to PNG, or move the folder out of data.path"
            );
        }

        (string Class, string Path)? Lost(IReadOnlyList<string> paths) =>
            paths
                .Select(path => (Class: classOf(path), Path: path))
                .Where(file => file.Class is not null && !classes.Contains(file.Class))
                .Select(file => ((string, string)?)(file.Class!, file.Path))
                .FirstOrDefault();
    }

    // Folders with nothing else, such as docs or annotations, often lie beside the classes.
    private static bool IsDocument(string path) =>
        Path.GetExtension(path).ToUpperInvariant()
            is ""
                or ".TXT"
                or ".MD"
                or ".RST"
                or ".PDF"
                or ".HTM"
                or ".HTML"
                or ".CSV"
                or ".TSV"
                or ".XLS"
                or ".XLSX"
                or ".JSON"
                or ".XML"
                or ".YAML"
                or ".YML"
                or ".LOG"
                or ".PY"
                or ".IPYNB";

    private static DataException Excluded(string name) =>
        new($"all images of class {name} are excluded; to leave the class out, move its folder out of data.path")
        {
            Setting = "data.exclude",
        };

    /// <summary>Returns what a class has instead of images that are used, and what to do about it.</summary>
    private static string What(ImageFolder content, string path) =>
        IsIn(content.Previews, path)
            ? $"only hidden images and previews, such as {path}; rename them, or move the folder out of data.path"
        : ImageFormats.IsArchive(path)
            ? $"no image, but archives, such as {path}; unpack them or list them in data.exclude"
        : ImageFormats.OtherOf(path) is string format
            ? $"no image in a format that is read; convert its {format} files to PNG, such as {path}"
        : $"only images without an image extension, such as {path}; rename them";

    private static bool IsIn(IReadOnlyList<string> paths, string path) => paths.Contains(path, StringComparer.Ordinal);
}
