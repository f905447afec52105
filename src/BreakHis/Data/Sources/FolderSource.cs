namespace BreakHis.Data.Sources;

/// <summary>
/// One folder per class, at the top level or inside Train and Validate as in the question. If a file name is a BreaKHis
/// name, it gives patient and magnification.
/// </summary>
internal static class FolderSource
{
    private static readonly string[] TrainNames = ["train", "training"];
    private static readonly string[] ValidationNames = ["validate", "validation", "val"];

    /// <summary>Lists the images.</summary>
    /// <exception cref="DataException">No class folder contains an image, or a class has only images that are not
    /// read.</exception>
    public static SourceListing List(
        string folder,
        IReadOnlyList<string> exclude,
        Func<string, string> hash,
        Action<int, int>? hashed
    )
    {
        var content = ImageFolder.Of(folder, exclude);
        List<Found> found = [.. content.Images.Select(Classify).OfType<Found>()];
        SourceListing.DemandEveryClass(
            folder,
            found.Select(file => file.Class),
            content.Unread.Select(path => (path, Classify(path)?.Class))
        );
        if (found.Count == 0)
        {
            throw new DataException(
                $"{folder}: contains no image in a class folder (CLASS/x.png, or Train/CLASS/x.png and Validate/CLASS/x.png)"
            );
        }

        bool sidesGiven = found.Exists(file => file.ForValidation is not null);
        if (sidesGiven && found.Exists(file => file.ForValidation is null))
        {
            string stray = found.First(file => file.ForValidation is null).Path;
            throw new DataException($"{folder}: {stray} is in neither Train nor Validate");
        }

        IEnumerable<string> outside = content.Images.Except(found.Select(file => file.Path), StringComparer.Ordinal);
        return new SourceListing(
            ImageFiles.Each(found, file => Image(file, ImageFiles.Hash(folder, file.Path, hash)), hashed),
            [
                .. LeftOut.Any("image outside the class folders", "images outside the class folders", outside),
                .. content.LeftOut,
            ]
        );
    }

    private static Found? Classify(string path)
    {
        string[] parts = path.Split('/');
        bool? side =
            parts.Length < 3 ? null
            : TrainNames.Contains(parts[0].ToLowerInvariant()) ? false
            : ValidationNames.Contains(parts[0].ToLowerInvariant()) ? true
            : null;
        int classAt = side is null ? 0 : 1;
        return parts.Length > classAt + 1 ? new Found(path, parts[classAt], side) : null;
    }

    private static CatalogueImage Image(Found file, string sha256)
    {
        var name = BreakhisFileName.Parse(file.Path[(file.Path.LastIndexOf('/') + 1)..]);
        return new CatalogueImage(
            file.Path,
            sha256,
            file.Class,
            null,
            name?.Patient ?? "",
            name?.Magnification ?? 0,
            file.ForValidation
        );
    }

    private sealed record Found(string Path, string Class, bool? ForValidation);
}
