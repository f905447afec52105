namespace BreakHis.Data.Sources;

/// <summary>A full or partial copy of BreaKHis in its official layout, starting at any level of its folders.</summary>
internal static class BreakhisSource
{
    /// <summary>Lists the images at some magnifications; files with other names are left out.</summary>
    /// <exception cref="DataException">No image was found, or a subtype has only images that are not read.</exception>
    public static SourceListing List(
        string folder,
        IReadOnlyList<int> magnifications,
        IReadOnlyList<string> exclude,
        Func<string, string> hash,
        Action<int, int>? hashed,
        CancellationToken cancellation
    )
    {
        var content = ImageFolder.Of(folder, exclude);
        List<(string Path, BreakhisFileName Name)> found = [.. Named(content.Images)];
        LostClasses.DemandNone(
            folder,
            // Who excludes a subtype means it: the label may be benign or malignant.
            content with
            {
                Excluded = [],
            },
            found.Select(file => file.Name.SubtypeName),
            path => BreakhisFileName.InPath(path)?.SubtypeName
        );
        if (found.Count == 0)
        {
            throw new DataException(
                $"{folder}: contains no file with a BreaKHis name, such as SOB_M_DC-14-2523-40-010.png"
            );
        }

        string[] unnamed = [.. content.Images.Except(found.Select(file => file.Path), StringComparer.Ordinal)];
        DemandNames(folder, found.Select(file => file.Name.SubtypeName), unnamed);
        found = [.. found.Where(file => magnifications.Count == 0 || magnifications.Contains(file.Name.Magnification))];
        if (found.Count == 0)
        {
            throw new DataException(
                $"{folder}: contains no image at magnification {string.Join(", ", magnifications)}"
            );
        }

        return new SourceListing(
            ImageFiles.Each(
                found,
                file => ImageFiles.Hashed(Image(file.Path, file.Name, ""), folder, hash),
                hashed,
                cancellation
            ),
            [
                .. LeftOut.Any("image without a BreaKHis name", "images without a BreaKHis name", unnamed),
                .. content.LeftOut,
            ]
        );
    }

    /// <summary>Demands that no subtype loses all of its images because of their names.</summary>
    private static void DemandNames(string folder, IEnumerable<string> used, string[] unnamed)
    {
        var subtypes = used.ToHashSet(StringComparer.Ordinal);
        string? lost = Array.Find(
            unnamed,
            path => BreakhisFileName.SubtypeOfFolder(path) is string subtype && !subtypes.Contains(subtype)
        );
        if (lost is not null)
        {
            throw new DataException(
                $"{folder}: class {BreakhisFileName.SubtypeOfFolder(lost)} has only images without a BreaKHis name, such as {lost}; rename them, or use source: folders"
            );
        }
    }

    private static IEnumerable<(string Path, BreakhisFileName Name)> Named(IEnumerable<string> paths) =>
        paths
            .Select(path => (Path: path, Name: BreakhisFileName.InPath(path)))
            .Where(file => file.Name is not null)
            .Select(file => (file.Path, file.Name!));

    internal static CatalogueImage Image(string path, BreakhisFileName name, string sha256) =>
        new(path, sha256, name.SubtypeName, name.Malignant, name.Patient, name.Magnification, null);
}
