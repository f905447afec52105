using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Specs;

namespace BreakHis.Data;

/// <summary>The images that a spec names, as they are found, before they are labelled and divided.</summary>
/// <param name="Images">The images in ordinal order of path.</param>
/// <param name="Folder">The absolute folder that paths are relative to, or null where they are made in memory.</param>
/// <param name="SplitFile">The absolute file that gives their sides, or null.</param>
internal sealed record Catalogue(IReadOnlyList<CatalogueImage> Images, string? Folder, string? SplitFile = null)
{
    /// <summary>Lists and hashes the images of a spec.</summary>
    /// <param name="folder">The absolute folder of data.path, or null for synthetic data.</param>
    /// <param name="pictures">The pixels, of which synthetic images are hashed.</param>
    /// <param name="splitFile">The absolute path of data.split.file, for a split by file; images that it keeps for a last test are left out.</param>
    /// <param name="hash">SHA-256 of a file by its path, called by several threads at once; null reads the file.</param>
    /// <param name="hashed">Called by any thread with how many more images are hashed, and of how many.</param>
    /// <exception cref="DataException">There is no such folder, or nothing in it can be used.</exception>
    public static Catalogue Of(
        DataSpec data,
        string? folder,
        PictureSource pictures,
        string? splitFile = null,
        Func<string, string>? hash = null,
        Action<int, int>? hashed = null
    )
    {
        hash ??= Sha256Hex.OfFile;
        IReadOnlyList<CatalogueImage> images = data.Source switch
        {
            DataSource.Breakhis => BreakhisSource.List(folder!, data.Magnifications, hash, hashed),
            DataSource.Folders => FolderSource.List(folder!, hash, hashed),
            _ => SyntheticSource.List(SyntheticSource.TissueOf(data), pictures, hashed),
        };
        CatalogueImage? twice = images
            .GroupBy(image => image.Path, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Skip(1).Any())
            ?.First();
        if (twice is not null)
        {
            throw new DataException($"{twice.Path}: listed twice");
        }

        var whole = new Catalogue([.. images.OrderBy(image => image.Path, StringComparer.Ordinal)], folder);
        return splitFile is null ? whole : whole.DividedBy(Splits.SplitFile.Read(splitFile), data.Split.Fold);
    }

    /// <summary>Pictures below a folder that are not listed, since their names say nothing; none for other sources than breakhis.</summary>
    /// <param name="folder">The absolute folder of data.path, or null for synthetic data.</param>
    /// <exception cref="DataException">The folder cannot be listed.</exception>
    public static IReadOnlyList<string> PassedOver(DataSpec data, string? folder) =>
        data.Source == DataSource.Breakhis ? BreakhisSource.PassedOver(folder!) : [];

    /// <summary>The images with the sides that a split file gives, without those that it keeps for a last test.</summary>
    /// <param name="file">The split file, of an absolute path.</param>
    /// <param name="fold">The fold to take, or null where it has none.</param>
    /// <exception cref="DataException">The file does not say the side of every image.</exception>
    public Catalogue DividedBy(Splits.SplitFile file, int? fold)
    {
        IReadOnlyList<bool?> sides = file.Sides([.. Images.Select(image => image.Path)], fold);
        return this with
        {
            SplitFile = file.Path,
            Images =
            [
                .. Images
                    .Zip(sides)
                    .Where(pair => pair.Second is not null)
                    .Select(pair => pair.First with { GivenForValidation = pair.Second }),
            ],
        };
    }
}

/// <summary>An image as found.</summary>
/// <param name="Path">Relative path with forward slashes.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, or of the RGB pixels where the image is made in memory; lower-case hexadecimal.</param>
/// <param name="Subtype">The subtype's full name, or the class folder's name.</param>
/// <param name="Malignant">Whether it is malignant; null where that is not known.</param>
/// <param name="Patient">The patient, or the empty string where it is not known.</param>
/// <param name="Magnification">40, 100, 200 or 400; 0 where it is not known.</param>
/// <param name="GivenForValidation">The side that the folders or a split file give it; null where none is given.</param>
internal sealed record CatalogueImage(
    string Path,
    string Sha256,
    string Subtype,
    bool? Malignant,
    string Patient,
    int Magnification,
    bool? GivenForValidation
);
