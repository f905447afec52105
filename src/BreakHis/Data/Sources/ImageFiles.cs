using BreakHis.Files;
using BreakHis.Numerics;

namespace BreakHis.Data.Sources;

/// <summary>Turns image files into images of the catalogue.</summary>
internal static class ImageFiles
{
    private const string Unread = "unread: ";

    /// <summary>Returns whether the file with a hash could not be read.</summary>
    public static bool IsUnread(string hash) => hash.StartsWith(Unread, StringComparison.Ordinal);

    /// <summary>
    /// Returns the SHA-256 of a file's bytes. One that cannot be read, such as a pipe or a link to nothing, has a text
    /// instead that no other file has: decoding fails, and all such images are named together.
    /// </summary>
    public static string Hash(string folder, string relativePath, Func<string, string> hash)
    {
        string path = Path.Combine(folder, relativePath);
        try
        {
            FileKind.RequireRegular(path);
            return hash(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unread + relativePath;
        }
    }

    /// <summary>Converts items to images of the catalogue, on all cores, keeping their order.</summary>
    /// <param name="made">Called from any thread with the number of newly converted items and the total.</param>
    public static IReadOnlyList<CatalogueImage> Each<T>(
        IReadOnlyList<T> items,
        Func<T, CatalogueImage> make,
        Action<int, int>? made
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
            CancellationToken.None
        );
        return images;
    }
}
