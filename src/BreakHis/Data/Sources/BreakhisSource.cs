namespace BreakHis.Data.Sources;

/// <summary>A full or partial copy of BreaKHis in its official layout, starting at any level of its folders.</summary>
internal static class BreakhisSource
{
    /// <summary>Lists the images at some magnifications; files with other names are skipped.</summary>
    /// <exception cref="DataException">No image was found.</exception>
    public static IReadOnlyList<CatalogueImage> List(
        string folder,
        IReadOnlyList<int> magnifications,
        Func<string, string> hash,
        Action<int, int>? hashed
    )
    {
        List<(string Path, BreakhisFileName Name)> found =
        [
            .. ImageFiles
                .Below(folder)
                .Select(path => (Path: path, Name: BreakhisFileName.Parse(path[(path.LastIndexOf('/') + 1)..])))
                .Where(file => file.Name is not null)
                .Select(file => (file.Path, file.Name!)),
        ];
        if (found.Count == 0)
        {
            throw new DataException(
                $"{folder}: contains no file with a BreaKHis name, such as SOB_M_DC-14-2523-40-010.png"
            );
        }

        found = [.. found.Where(file => magnifications.Count == 0 || magnifications.Contains(file.Name.Magnification))];
        if (found.Count == 0)
        {
            throw new DataException(
                $"{folder}: contains no image at magnification {string.Join(", ", magnifications)}"
            );
        }

        return ImageFiles.Each(
            found,
            file => Image(file.Path, file.Name, ImageFiles.Hash(folder, file.Path, hash)),
            hashed
        );
    }

    /// <summary>Returns the images that <see cref="List"/> skips because their names are not BreaKHis names.</summary>
    /// <exception cref="DataException">The folder cannot be listed.</exception>
    public static IReadOnlyList<string> PassedOver(string folder) =>
        [
            .. ImageFiles
                .Below(folder)
                .Where(path => BreakhisFileName.Parse(path[(path.LastIndexOf('/') + 1)..]) is null),
        ];

    internal static CatalogueImage Image(string path, BreakhisFileName name, string sha256) =>
        new(path, sha256, name.SubtypeName, name.Malignant, name.Patient, name.Magnification, null);
}
