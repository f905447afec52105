using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>The image files below a folder, by what becomes of them. All paths are relative, with forward slashes, in
/// ordinal order.</summary>
/// <param name="Images">Images in a format that is read.</param>
/// <param name="Unread">Images in other formats, and archives.</param>
/// <param name="Unnamed">Files with the content of an image whose name does not end like one.</param>
/// <param name="Previews">Hidden images, and copies that other programs write, such as below @eaDir.</param>
/// <param name="Excluded">Images that the spec excludes.</param>
/// <param name="DeadLinks">Links to nothing that are not named like images: a folder whose drive is not mounted, for
/// example.</param>
/// <param name="OtherFiles">Files that are no images and not hidden.</param>
/// <param name="HiddenFiles">Hidden files that are no images, such as .DS_Store.</param>
/// <param name="Cycles">Links to a folder that contains them, which are not followed.</param>
/// <param name="TooDeep">Folders that are not listed because they are below too many others.</param>
internal sealed record ImageFolder(
    IReadOnlyList<string> Images,
    IReadOnlyList<string> Unread,
    IReadOnlyList<string> Unnamed,
    IReadOnlyList<string> Previews,
    IReadOnlyList<string> Excluded,
    IReadOnlyList<string> DeadLinks,
    IReadOnlyList<string> OtherFiles,
    IReadOnlyList<string> HiddenFiles,
    IReadOnlyList<string> EmptyFolders,
    IReadOnlyList<string> Cycles,
    IReadOnlyList<string> TooDeep
)
{
    // Of Synology, QNAP, macOS, Windows, Linux and image viewers.
    private static readonly string[] PreviewFolders =
    [
        "@eaDir",
        "__MACOSX",
        "$RECYCLE.BIN",
        "lost+found",
        "#recycle",
        "@Recycle",
        "#snapshot",
        "@Recently-Snapshot",
        "@__thumb",
        "Thumbs",
        "_thumbs",
        "thumbnails",
        "_thumbnails",
    ];

    /// <summary>Files and folders that every source leaves out.</summary>
    public IEnumerable<LeftOut> LeftOut =>
        Unread
            .Where(path => !ImageFormats.IsArchive(path))
            .GroupBy(path => ImageFormats.OtherOf(path)!, StringComparer.Ordinal)
            .OrderBy(format => format.Key, StringComparer.Ordinal)
            .SelectMany(format =>
                Sources.LeftOut.Any(
                    $"{format.Key} file, a format that is not read",
                    $"{format.Key} files, a format that is not read",
                    format
                )
            )
            .Concat(
                Sources.LeftOut.Any(
                    "archive, which may contain images",
                    "archives, which may contain images",
                    Unread.Where(ImageFormats.IsArchive)
                )
            )
            .Concat(
                Sources.LeftOut.Any("image without an image extension", "images without an image extension", Unnamed)
            )
            .Concat(Sources.LeftOut.Any("link to nothing", "links to nothing", DeadLinks))
            .Concat(
                Sources.LeftOut.Any("link to a folder that contains it", "links to folders that contain them", Cycles)
            )
            .Concat(
                Sources.LeftOut.Any(
                    $"folder more than {FolderTree.Deepest} levels deep",
                    $"folders more than {FolderTree.Deepest} levels deep",
                    TooDeep
                )
            )
            .Concat(Sources.LeftOut.Any("empty folder", "empty folders", EmptyFolders))
            .Concat(Sources.LeftOut.Any("excluded image", "excluded images", Excluded, isUsual: true))
            .Concat(
                Sources.LeftOut.Any("hidden image or preview", "hidden images and previews", Previews, isUsual: true)
            );

    /// <summary>Lists a folder.</summary>
    /// <param name="exclude">The ends of the paths of images to leave out.</param>
    /// <exception cref="DataException">The folder does not exist, is a file, or cannot be read; or an excluded
    /// image is not identified.</exception>
    public static ImageFolder Of(string folder, IReadOnlyList<string> exclude)
    {
        FolderTree tree = TreeOf(folder);
        ILookup<bool, string> isNamed = tree.Files.Select(Relative).ToLookup(file => IsRead(file) || IsOther(file));
        string[] files = [.. isNamed[true]];
        string[] unnamed = [.. isNamed[false].Where(file => !IsPreview(file) && IsImage(Path.Combine(folder, file)))];
        string[] possible = [.. files.Where(file => !IsPreview(file)).Concat(unnamed)];
        string[] excluded = ExcludedOf(exclude, possible);
        string[] others = [.. isNamed[false].Where(file => !IsPreview(file)).Except(unnamed, StringComparer.Ordinal)];
        string[] used = [.. possible.Except(excluded, StringComparer.Ordinal)];
        return new ImageFolder(
            [.. used.Where(IsRead)],
            [.. used.Where(IsOther)],
            [.. used.Intersect(unnamed, StringComparer.Ordinal)],
            [.. files.Where(IsPreview)],
            excluded,
            [.. others.Where(file => FileKind.IsDeadLink(Path.Combine(folder, file)))],
            others,
            [.. isNamed[false].Where(IsPreview)],
            Shown(tree.EmptyFolders),
            Shown(tree.Cycles),
            Shown(tree.TooDeep)
        );

        string[] Shown(IReadOnlyList<string> folders) => [.. folders.Select(Relative).Where(path => !IsPreview(path))];

        string Relative(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    private static string[] ExcludedOf(IReadOnlyList<string> ends, string[] images)
    {
        (string End, string[] Found)[] all = [.. ends.Select(end => (end, Matches(WithoutDot(end), images)))];
        string[] unknown = [.. all.Where(one => one.Found.Length == 0).Select(one => $"'{one.End}'")];
        if (unknown.Length > 0)
        {
            string predicate = Plural.Word(unknown.Length, "is not an image", "are not images");
            string hint = ends.Any(Path.IsPathRooted) ? "; write paths relative to it" : "";
            throw WrongExclude($"{Listing.Words(unknown)} {predicate} below data.path{hint}");
        }

        if (all.FirstOrDefault(one => one.Found.Length > 1) is (string end, [string first, string second, ..]))
        {
            throw WrongExclude(
                $"'{end}' is the end of several paths, such as {first} and {second}; write more of the path"
            );
        }

        string[] excluded = [.. all.Select(one => one.Found[0])];
        return
            excluded.CountBy(image => image, StringComparer.Ordinal).FirstOrDefault(image => image.Value > 1).Key
                is { } twice
            ? throw WrongExclude($"{twice} is excluded twice, by different ends of its path")
            : excluded;
    }

    private static DataException WrongExclude(string message) => new(message) { Setting = "data.exclude" };

    private static string WithoutDot(string path) =>
        path.StartsWith("./", StringComparison.Ordinal) ? WithoutDot(path[2..].TrimStart('/')) : path;

    /// <summary>Returns up to two images whose path ends like this.</summary>
    private static string[] Matches(string end, string[] images)
    {
        // Systems write the same name in different forms of Unicode.
        string composed = Composed.Of(end);
        string[] exact = [.. images.Where(image => IsEnd(image, end)).Take(2)];
        return exact.Length > 0 ? exact : [.. images.Where(image => IsEnd(Composed.Of(image), composed)).Take(2)];
    }

    private static bool IsEnd(string path, string end) =>
        path == end || path.EndsWith("/" + end, StringComparison.Ordinal);

    private static FolderTree TreeOf(string folder)
    {
        if (FolderPath.Fault(folder) is string reason)
        {
            throw new DataException($"{folder}: {reason}");
        }

        try
        {
            var tree = FolderTree.Of(folder);
            return tree with
            {
                Files = [.. tree.Files.Order(StringComparer.Ordinal)],
                EmptyFolders = [.. tree.EmptyFolders.Order(StringComparer.Ordinal)],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: cannot be listed: {OneLine.Of(e.Message)}", e);
        }
    }

    private static bool IsRead(string path) => ImageFormats.KindOf(path) is not null;

    private static bool IsOther(string path) => ImageFormats.OtherOf(path) is not null;

    /// <summary>Returns whether a file contains an image; false for one that cannot be read.</summary>
    private static bool IsImage(string path)
    {
        try
        {
            return ImageFormats.BeginsLikeAnImage(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Returns whether a path is hidden or below a folder that other programs write.</summary>
    public static bool IsPreview(string path) =>
        path.Split('/')
            .Any(part =>
                (part.StartsWith('.') && part != ".") || PreviewFolders.Contains(part, StringComparer.OrdinalIgnoreCase)
            );
}
