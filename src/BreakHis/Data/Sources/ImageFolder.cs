using BreakHis.Files;

namespace BreakHis.Data.Sources;

/// <summary>The image files below a folder, by what becomes of them. All paths are relative, with forward slashes, in
/// ordinal order.</summary>
/// <param name="Images">Images in a format that is read.</param>
/// <param name="Unread">Images in other formats.</param>
/// <param name="Previews">Hidden images, and copies that other programs write, such as below @eaDir.</param>
/// <param name="Excluded">Images that the spec excludes.</param>
/// <param name="EmptyFolders">Folders that contain nothing.</param>
internal sealed record ImageFolder(
    IReadOnlyList<string> Images,
    IReadOnlyList<string> Unread,
    IReadOnlyList<string> Previews,
    IReadOnlyList<string> Excluded,
    IReadOnlyList<string> EmptyFolders
)
{
    private static readonly string[] ReadFormats = [".png", ".jpg", ".jpeg", ".bmp", ".webp"];

    private static readonly Dictionary<string, string> OtherFormats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".tif"] = "TIFF",
        [".tiff"] = "TIFF",
        [".gif"] = "GIF",
        [".heic"] = "HEIC",
        [".heif"] = "HEIC",
        [".avif"] = "AVIF",
        [".jp2"] = "JPEG 2000",
        [".j2k"] = "JPEG 2000",
        [".jxl"] = "JPEG XL",
        [".ppm"] = "PNM",
        [".pgm"] = "PNM",
        [".pnm"] = "PNM",
        [".tga"] = "TGA",
        [".dcm"] = "DICOM",
        [".svs"] = "SVS",
        [".ndpi"] = "NDPI",
        [".mrxs"] = "MRXS",
        [".scn"] = "SCN",
        [".czi"] = "CZI",
    };

    private static readonly string[] PreviewFolders = ["@eaDir", "__MACOSX", "$RECYCLE.BIN", "lost+found"];

    /// <summary>Files and folders that every source leaves out.</summary>
    public IEnumerable<LeftOut> LeftOut =>
        Unread
            .GroupBy(FormatOf, StringComparer.Ordinal)
            .OrderBy(format => format.Key, StringComparer.Ordinal)
            .SelectMany(format =>
                Sources.LeftOut.Any(
                    $"{format.Key} file, a format that is not read",
                    $"{format.Key} files, a format that is not read",
                    format
                )
            )
            .Concat(Sources.LeftOut.Any("empty folder", "empty folders", EmptyFolders))
            .Concat(Sources.LeftOut.Any("excluded image", "excluded images", Excluded, isUsual: true))
            .Concat(
                Sources.LeftOut.Any("hidden image or preview", "hidden images and previews", Previews, isUsual: true)
            );

    /// <summary>Lists a folder.</summary>
    /// <param name="exclude">The ends of the paths of images to leave out.</param>
    /// <exception cref="DataException">The folder does not exist, is a file, or cannot be read; an image is not a
    /// regular file; or an excluded image is not identified.</exception>
    public static ImageFolder Of(string folder, IReadOnlyList<string> exclude)
    {
        FolderTree tree = TreeOf(folder);
        string[] files = [.. tree.Files.Select(Relative).Where(file => IsRead(file) || IsOther(file))];
        string[] possible = [.. files.Where(file => !IsPreview(file))];
        string[] excluded = [.. exclude.Select(end => TheOne(end, possible))];
        string[] used = [.. possible.Except(excluded, StringComparer.Ordinal)];
        string[] images = [.. used.Where(IsRead)];
        if (Array.Find(images, image => !FileKind.IsRegular(Path.Combine(folder, image))) is string special)
        {
            throw new DataException($"{Path.Combine(folder, special)}: {FileKind.NotRegular}");
        }

        return new ImageFolder(
            images,
            [.. used.Where(IsOther)],
            [.. files.Where(IsPreview)],
            excluded,
            [.. tree.EmptyFolders.Select(Relative).Where(empty => !IsPreview(empty))]
        );

        string Relative(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Returns the name of the format of an unread image.</summary>
    public static string FormatOf(string path) => OtherFormats[Path.GetExtension(path)];

    private static string TheOne(string end, string[] images)
    {
        string below = "/" + end;
        string[] found =
        [
            .. images.Where(image => image == end || image.EndsWith(below, StringComparison.Ordinal)).Take(2),
        ];
        return found.Length == 1
            ? found[0]
            : throw new DataException(
                found.Length == 0
                    ? $"'{end}' is not an image below data.path"
                    : $"'{end}' is the end of several paths, such as {found[0]} and {found[1]}; write more of the path"
            )
            {
                Setting = "data.exclude",
            };
    }

    private static FolderTree TreeOf(string folder)
    {
        if (FolderPath.Fault(folder) is string reason)
        {
            throw new DataException($"{folder}: {reason}");
        }

        try
        {
            var tree = FolderTree.Of(folder);
            return new FolderTree(
                [.. tree.Files.Order(StringComparer.Ordinal)],
                [.. tree.EmptyFolders.Order(StringComparer.Ordinal)]
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: cannot be listed: {e.Message}", e);
        }
    }

    private static bool IsRead(string path) =>
        ReadFormats.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsOther(string path) => OtherFormats.ContainsKey(Path.GetExtension(path));

    private static bool IsPreview(string path) =>
        path.Split('/')
            .Any(part =>
                (part.StartsWith('.') && part != ".") || PreviewFolders.Contains(part, StringComparer.OrdinalIgnoreCase)
            );
}
