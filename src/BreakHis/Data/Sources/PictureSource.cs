using BreakHis.Data.Pictures;
using BreakHis.Specs;

namespace BreakHis.Data.Sources;

/// <summary>Returns the pixels of an image; may be called from several threads at once.</summary>
/// <param name="path">The relative path, with forward slashes.</param>
/// <exception cref="DataException">The image cannot be read.</exception>
internal delegate Picture PictureSource(string path);

/// <summary>Sources of pixels.</summary>
internal static class PictureSources
{
    /// <summary>Returns the source of pixels for the images of a spec.</summary>
    /// <param name="folder">The folder to which paths are relative, or null for synthetic data.</param>
    public static PictureSource Of(DataSpec data, string? folder) =>
        data.Source == DataSource.Synthetic
            ? SyntheticSource.Painter(SyntheticSource.TissueOf(data))
            : path => Picture.Decode(Path.Combine(folder!, path));

    /// <summary>
    /// Returns the source of pixels for files that must still be those that were hashed. The bytes that are decoded are
    /// compared, so a file that changes between two reads is detected too.
    /// </summary>
    /// <param name="folder">The folder to which paths are relative.</param>
    /// <param name="hashes">The SHA-256 of each file by its path, lower-case hexadecimal.</param>
    public static PictureSource Unchanged(string folder, IReadOnlyDictionary<string, string> hashes) =>
        path => Picture.Decode(Path.Combine(folder, path), hashes[path]);
}
