using System.Diagnostics;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Files;
using BreakHis.Specs;

namespace BreakHis.Data;

/// <summary>The images of a spec as found, before they are labelled and divided.</summary>
/// <param name="Images">The images in ordinal order of path.</param>
/// <param name="Folder">The absolute folder to which paths are relative, or null if the images are drawn in
/// memory.</param>
/// <param name="SplitFile">The absolute path of the split file, or null.</param>
internal sealed record Catalogue(IReadOnlyList<CatalogueImage> Images, string? Folder, string? SplitFile = null)
{
    /// <summary>What looks like images of the data set but is not used.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>Whether any image is TIFF, by its extension; no other image contains TIFF data and is decoded.</summary>
    public bool HasTiff => Images.Any(image => ImageFormats.KindOf(image.Path) == ImageFormats.Tiff);

    /// <summary>Lists and hashes the images of a spec.</summary>
    /// <param name="folder">The absolute path of data.path, or null for synthetic data.</param>
    /// <param name="pictures">The source of pixels, which are hashed for synthetic images.</param>
    /// <param name="splitFile">The absolute path of data.split.file, for a split by file.</param>
    /// <param name="hash">Returns the SHA-256 of a file by path; called from several threads. Null reads the
    /// file.</param>
    /// <param name="hashed">Called from any thread with the number of newly hashed images and the total.</param>
    /// <exception cref="DataException">The folder does not exist, or contains nothing usable.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, between two images.</exception>
    public static Catalogue Of(
        DataSpec data,
        string? folder,
        PictureSource pictures,
        string? splitFile = null,
        Func<string, string>? hash = null,
        Action<int, int>? hashed = null,
        CancellationToken cancellation = default
    )
    {
        hash ??= Sha256Hex.OfFile;
        SourceListing listing = data.Source switch
        {
            DataSource.Breakhis => BreakhisSource.List(
                folder!,
                data.Magnifications,
                data.Exclude ?? [],
                hash,
                hashed,
                cancellation
            ),
            DataSource.Folders => FolderSource.List(
                folder!,
                data.Exclude ?? [],
                data.Patient,
                data.Split.By == SplitUnit.Folders,
                hash,
                hashed,
                cancellation
            ),
            DataSource.Synthetic => SyntheticSource.List(
                SyntheticSource.TissueOf(data),
                pictures,
                hashed,
                cancellation
            ),
            _ => throw new UnreachableException($"unknown: {data.Source}"),
        };
        CatalogueImage? twice = listing
            .Images.GroupBy(image => image.Path, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Skip(1).Any())
            ?.First();
        if (twice is not null)
        {
            throw new DataException($"{twice.Path}: listed twice");
        }

        var whole = new Catalogue([.. listing.Images.OrderBy(image => image.Path, StringComparer.Ordinal)], folder)
        {
            LeftOut = listing.LeftOut,
        };
        return splitFile is null
            ? whole
            : whole.DividedBy(Splits.SplitFile.Read(splitFile), data.Split.Fold, UsesAll(data));
    }

    /// <summary>
    /// Returns a text that is the same for specs with the same catalogue. Label and split do not affect the catalogue,
    /// unless folders or a file define the split.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static string KeyOf(DataSpec data, string? folder, string? splitFile) =>
        CanonicalForm.Of(
            data with
            {
                Path = folder,
                Label = default,
                Split = splitFile is null
                    ? new SplitSpec { By = data.Split.By == SplitUnit.Folders ? SplitUnit.Folders : default }
                    : new SplitSpec
                    {
                        By = SplitUnit.File,
                        File = splitFile,
                        Fold = data.Split.Fold,
                    },
            }
        );

    /// <summary>Returns whether a spec uses all images of its folder.</summary>
    public static bool UsesAll(DataSpec data) => data.Magnifications.Count == 0 && data.Exclude is null or { Count: 0 };

    /// <summary>Returns the images with the sides of a split file.</summary>
    /// <param name="file">The split file, with an absolute path.</param>
    /// <param name="expectsAll">Whether every line should match an image, because the spec leaves no images out.</param>
    /// <param name="fold">The fold to use, or null if the file has none.</param>
    /// <exception cref="DataException">The file does not list a side for every image.</exception>
    public Catalogue DividedBy(Splits.SplitFile file, int? fold, bool expectsAll)
    {
        SplitSides given = file.SidesOf(Images, fold);
        return this with
        {
            SplitFile = file.Path,
            LeftOut =
            [
                .. LeftOut,
                .. given.Unmatched.Count == 0
                    ? (LeftOut[])[]
                    :
                    [
                        new LeftOut(
                            "line of the split file that matches no image",
                            "lines of the split file that match no image",
                            given.Unmatched
                        )
                        {
                            IsUsual = !expectsAll,
                        },
                    ],
                .. Sources.LeftOut.Any(
                    "file or folder beside the lists of the split that is none of them",
                    "files and folders beside the lists of the split that are none of them",
                    file.Ignored,
                    isUsual: true
                ),
            ],
            Images = [.. Images.Zip(given.Sides, (image, side) => image with { GivenSide = side })],
        };
    }
}

/// <summary>An image as found.</summary>
/// <param name="Path">The relative path, with forward slashes.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, or of the RGB pixels if the image is drawn in memory; lower-case
/// hexadecimal. Empty if it was not computed; if the file cannot be read, a text that no other image has.</param>
/// <param name="Subtype">The subtype's full name, or the class folder's name.</param>
/// <param name="Malignant">Whether it is malignant; null if unknown.</param>
/// <param name="Patient">The patient, or an empty string if unknown.</param>
/// <param name="Magnification">40, 100, 200 or 400; 0 if unknown.</param>
/// <param name="GivenSide">The side that the folders or a split file assign; null if none is assigned.</param>
internal sealed record CatalogueImage(
    string Path,
    string Sha256,
    string Subtype,
    bool? Malignant,
    string Patient,
    int Magnification,
    Side? GivenSide
)
{
    /// <summary>Whether the file cannot be read.</summary>
    public bool IsUnread { get; init; }
}
