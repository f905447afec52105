using BreakHis.Files;
using BreakHis.Numerics;

namespace BreakHis.Data.Sources;

/// <summary>Turns image files into images of the catalogue.</summary>
internal static class ImageFiles
{
    /// <summary>Returns the SHA-256 of a file's bytes.</summary>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static string Hash(string folder, string relativePath, Func<string, string> hash)
    {
        string path = Path.Combine(folder, relativePath);
        try
        {
            return hash(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {FileFault.Reason(path, e)}", e);
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
