using BreakHis.Files;
using BreakHis.Numerics;

namespace BreakHis.Data.Sources;

/// <summary>Turns image files into images of the catalogue.</summary>
internal static class ImageFiles
{
    /// <summary>
    /// Returns an image with the hash of its file. One that cannot be read, such as a pipe or a link to nothing, has a
    /// text of its own instead: decoding fails, and all such images are named together.
    /// </summary>
    public static CatalogueImage Hashed(CatalogueImage image, string folder, Func<string, string> hash)
    {
        string path = Path.Combine(folder, image.Path);
        try
        {
            FileKind.RequireRegular(path);
            return image with { Sha256 = hash(path) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return image with { Sha256 = "unread: " + image.Path, IsUnread = true };
        }
    }

    /// <summary>Converts items to images of the catalogue, on all cores, keeping their order.</summary>
    /// <param name="made">Called from any thread with the number of newly converted items and the total.</param>
    public static IReadOnlyList<CatalogueImage> Each<T>(
        IReadOnlyList<T> items,
        Func<T, CatalogueImage> make,
        Action<int, int>? made,
        CancellationToken cancellation
    )
    {
        var images = new CatalogueImage[items.Count];
        ParallelWork.ForEach(
            items.Count,
            i =>
            {
                images[i] = make(items[i]);
                made?.Invoke(1, items.Count);
            },
            cancellation
        );
        return images;
    }
}
