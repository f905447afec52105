namespace BreakHis.Data.Sources;

/// <summary>The images of a source, and what looks like images but is not used.</summary>
internal sealed record SourceListing(IReadOnlyList<CatalogueImage> Images, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>Demands that no class loses all of its images because of their format.</summary>
    /// <param name="used">The classes with images.</param>
    /// <param name="unread">The images in formats that are not read, with their classes; null if a name shows
    /// none.</param>
    /// <exception cref="DataException">A class has only images that are not read.</exception>
    public static void DemandEveryClass(
        string folder,
        IEnumerable<string> used,
        IEnumerable<(string Path, string? Class)> unread
    )
    {
        var classes = used.ToHashSet(StringComparer.Ordinal);
        (string Path, string? Class) lost = unread.FirstOrDefault(file =>
            file.Class is not null && !classes.Contains(file.Class)
        );
        if (lost.Class is not null)
        {
            throw new DataException(
                ImageFormats.IsArchive(lost.Path)
                    ? $"{folder}: class {lost.Class} has no image, but archives, such as {lost.Path}; unpack them or list them in data.exclude"
                : ImageFormats.OtherOf(lost.Path) is string format
                    ? $"{folder}: class {lost.Class} has no image in a format that is read; convert its {format} files to PNG, such as {lost.Path}"
                : $"{folder}: class {lost.Class} has only images without an image extension, such as {lost.Path}; rename them"
            );
        }
    }
}
