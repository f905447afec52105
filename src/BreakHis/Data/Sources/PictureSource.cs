using BreakHis.Data.Pictures;
using BreakHis.Specs;

namespace BreakHis.Data.Sources;

/// <summary>Gives an image's pixels by its relative path; may be called from several threads at once.</summary>
/// <param name="path">Relative path with forward slashes.</param>
/// <exception cref="DataException">The image cannot be read.</exception>
public delegate Picture PictureSource(string path);

/// <summary>The sources of pixels.</summary>
internal static class PictureSources
{
    /// <summary>Pixels of the images of a spec.</summary>
    /// <param name="folder">The folder that paths are relative to, or null for synthetic data.</param>
    public static PictureSource Of(DataSpec data, string? folder) =>
        data.Source == DataSource.Synthetic
            ? SyntheticSource.Painter(SyntheticSource.TissueOf(data))
            : path => Picture.Decode(Path.Combine(folder!, path));
}
