using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Json;
using BreakHis.Specs;
using static System.FormattableString;

namespace BreakHis.Plans.Checks;

/// <summary>The result of inspecting one file of a data set.</summary>
/// <param name="Digest">The digest for comparing images, or null if the file cannot be read.</param>
/// <param name="Format">The storage format, or null if the file cannot be read or the image is drawn in memory.</param>
/// <param name="Wrong">Why the file cannot be read, or null.</param>
internal sealed record PictureInspection(PictureDigest? Digest, PictureFormat? Format, string? Wrong)
{
    /// <summary>Inspects one file.</summary>
    /// <param name="path">The file's path, relative to the folder.</param>
    public static PictureInspection At(string folder, string path)
    {
        try
        {
            FileKind.RequireRegular(Path.Combine(folder, path));
            byte[] encoded = File.ReadAllBytes(Path.Combine(folder, path));
            return new PictureInspection(
                PictureDigest.Of(Picture.Decode(encoded, path)),
                PictureFormat.Of(encoded),
                Wrong: null
            );
        }
        catch (DataException e)
        {
            return new PictureInspection(null, null, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PictureInspection(null, null, $"{path}: {FileFault.Reason(Path.Combine(folder, path), e)}");
        }
    }
}

/// <summary>The severity of a finding.</summary>
internal enum DataWeight
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>May affect a result, for example a leak; an error with <c>--strict</c>.</summary>
    Warning,

    /// <summary>The data cannot be used as they are.</summary>
    Error,
}

/// <summary>A finding about a data set.</summary>
/// <param name="About">The subject, such as counts, sizes or pixels.</param>
/// <param name="Text">The finding, on one line.</param>
internal sealed record DataFinding(string About, DataWeight Weight, string Text)
{
    /// <summary>The files that the finding is about, if the text names only the first of them.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The subject of differences from the published table.</summary>
    public const string Counts = "counts";

    /// <summary>The subject of class folders that may not be the classes.</summary>
    public const string Classes = "classes";

    /// <summary>The subject of files that are left out.</summary>
    public const string LeftOut = "left out";

    /// <summary>The subject of files that are not images, or are damaged.</summary>
    public const string Readability = "readability";

    /// <summary>The subject of unusual sizes.</summary>
    public const string Sizes = "sizes";

    /// <summary>The subject of unusual file formats.</summary>
    public const string Formats = "formats";
}

/// <summary>A split of a data set, with its checks.</summary>
/// <param name="Fold">The fold, or null if there are no folds.</param>
/// <param name="Title">A title, such as "by patient, fold 2 of 5".</param>
/// <param name="Data">The images and their sides.</param>
internal sealed record SplitReview(int? Fold, string Title, DataPlan Data, IReadOnlyList<LeakCheck> Checks);

/// <summary>The review of a data set.</summary>
/// <param name="Findings">Findings about files and images, not about splits.</param>
/// <param name="Splits">The splits of the spec, one per fold.</param>
internal sealed record DataReview(
    IReadOnlyList<CatalogueImage> Images,
    IReadOnlyList<DataFinding> Findings,
    IReadOnlyList<string> Inspected,
    IReadOnlyList<SplitReview> Splits
)
{
    /// <summary>Whether a check found a leak from training into validation.</summary>
    public bool HasLeak => Splits.Any(split => split.Checks.Any(check => check.Verdict == LeakVerdict.Leak));

    /// <summary>Whether a class has no training or no validation images.</summary>
    public bool HasMissingClass => Splits.Any(split => PlanNotes.MissingClasses(split.Data).Any());

    /// <summary>Returns whether any finding has at least this severity.</summary>
    public bool Has(DataWeight weight) => Findings.Any(finding => finding.Weight >= weight);

    /// <summary>Reviews a data set. Pure.</summary>
    /// <param name="catalogues">The images for each fold to review, with that fold's split; one catalogue if there are
    /// no folds.</param>
    /// <param name="inspections">The inspection of each image by path, or null if images were not inspected.</param>
    /// <param name="isSynthetic">Whether the images are synthetic and therefore not compared with the published
    /// table.</param>
    /// <exception cref="DataException">The images cannot be labelled or divided as the spec requires.</exception>
    public static DataReview Of(
        DataSpec data,
        IReadOnlyList<(SplitSpec Split, Catalogue Catalogue)> catalogues,
        IReadOnlyDictionary<string, PictureInspection>? inspections,
        bool isSynthetic
    )
    {
        CatalogueImage[] images =
        [
            .. catalogues
                .SelectMany(c => c.Catalogue.Images)
                .DistinctBy(image => image.Path, StringComparer.Ordinal)
                .OrderBy(image => image.Path, StringComparer.Ordinal),
        ];
        bool published = data.Source == DataSource.Breakhis && !isSynthetic;
        List<DataFinding> findings = [];
        List<string> checks = ["names"];
        if (published)
        {
            checks.Add("counts against the published table");
            findings.AddRange(
                PublishedBreakhis
                    .Differences(images, data.Magnifications)
                    .Select(text => new DataFinding(DataFinding.Counts, DataWeight.Note, text))
            );
        }

        findings.AddRange(
            catalogues[0]
                .Catalogue.LeftOut.Select(left => new DataFinding(
                    DataFinding.LeftOut,
                    left.IsUsual ? DataWeight.Note : DataWeight.Warning,
                    left.Text
                )
                {
                    Paths = [.. left.Lines],
                })
        );
        findings.AddRange(Labels(images, published));
        findings.AddRange(
            FolderLayout
                .SameFolders(images.Select(image => (image.Path, image.Subtype, image.Patient)))
                .Select(text => new DataFinding(DataFinding.Classes, DataWeight.Note, text))
        );
        if (inspections is not null)
        {
            checks.AddRange([
                DataFinding.Readability,
                DataFinding.Sizes,
                DataFinding.Formats,
                LeakCheck.Pixels,
                LeakCheck.Title(LeakCheck.NearDuplicates),
            ]);
            findings.AddRange(FileReview.Of(images, inspections, published));
        }

        IReadOnlyDictionary<string, PictureDigest>? digests = inspections is null ? null : Digests(images, inspections);
        return new DataReview(
            images,
            findings,
            checks,
            [.. catalogues.Select(c => Split(data with { Split = c.Split }, c.Catalogue, digests))]
        );
    }

    private static IEnumerable<DataFinding> Labels(CatalogueImage[] images, bool published)
    {
        IReadOnlyList<(string Patient, string[] Subtypes)> twice = LeakChecks.UnderSeveralSubtypes(
            images.Select(image => (image.Patient, image.Subtype))
        );
        foreach ((string patient, string[] subtypes) in twice)
        {
            string known =
                published && patient == PublishedBreakhis.SlideUnderTwoSubtypes
                    ? ", as in the published BreaKHis: its 82 patients have 81 slides, and one of the two labels is wrong"
                    : "; one of the labels is wrong";
            yield return new DataFinding(
                "labels",
                DataWeight.Warning,
                $"slide {patient} is listed under {string.Join(" and ", subtypes)}{known}"
            );
        }

        if (published && PublishedBreakhis.LacksOnlyTheSlideUnderTwoSubtypes(images))
        {
            yield return new DataFinding(
                "labels",
                DataWeight.Note,
                $"all differences come from slide {PublishedBreakhis.SlideUnderTwoSubtypes}, which is missing here; BreaKHis lists it under ductal_carcinoma and lobular_carcinoma, {PublishedBreakhis.ImagesOfSlideUnderTwoSubtypes} images each"
            );
        }

        string[] alone =
        [
            .. images
                .Where(image => image.Patient == PublishedBreakhis.SlideUnderTwoSubtypes)
                .Select(image => image.Subtype)
                .Distinct(StringComparer.Ordinal),
        ];
        if (published && alone.Length == 1)
        {
            yield return new DataFinding(
                "labels",
                DataWeight.Warning,
                $"slide {PublishedBreakhis.SlideUnderTwoSubtypes} is listed only under {alone[0]} here; BreaKHis lists it under ductal_carcinoma and lobular_carcinoma, and one of the two labels is wrong"
            );
        }
    }

    /// <summary>Returns digests by hash; an unreadable image resembles no other.</summary>
    private static Dictionary<string, PictureDigest> Digests(
        CatalogueImage[] images,
        IReadOnlyDictionary<string, PictureInspection> inspections
    ) =>
        images
            .DistinctBy(image => image.Sha256, StringComparer.Ordinal)
            .ToDictionary(
                image => image.Sha256,
                image => inspections[image.Path].Digest ?? PictureDigest.OfUnreadable(image.Sha256),
                StringComparer.Ordinal
            );

    private static SplitReview Split(
        DataSpec data,
        Catalogue catalogue,
        IReadOnlyDictionary<string, PictureDigest>? digests
    )
    {
        DataPlan divided = Labelling.Label(data, catalogue);
        return new SplitReview(data.Split.Fold, Title(data.Split), divided, LeakChecks.Of(divided.Images, digests));
    }

    private static string Title(SplitSpec split)
    {
        string by = $"by {SnakeCase.Of(split.By)}";
        return split switch
        {
            { Folds: int folds, Fold: int fold } => Invariant($"{by}, fold {fold} of {folds}"),
            { Fold: int fold } => Invariant($"{by}, fold {fold}"),
            { Validation: double share } => Invariant($"{by}, {100 * share:0.##} % for validation"),
            _ => by,
        };
    }
}
