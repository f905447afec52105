using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Plans.Checks;

/// <summary>Reviews the files of a data set, one by one and against each other.</summary>
internal static class FileReview
{
    /// <summary>Returns the findings.</summary>
    /// <param name="inspections">The inspection of each image, by path.</param>
    /// <param name="published">Whether the images are meant to be those of BreaKHis.</param>
    public static IEnumerable<DataFinding> Of(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyDictionary<string, PictureInspection> inspections,
        bool published
    ) =>
        [
            .. Unreadable(images, inspections),
            .. Sizes(images, inspections, published),
            .. Formats(images, inspections, published),
            .. Same(images, inspections),
        ];

    private static IEnumerable<DataFinding> Unreadable(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyDictionary<string, PictureInspection> inspections
    ) =>
        images
            .Where(image => inspections[image.Path].Wrong is not null)
            .Select(image => new DataFinding(
                DataFinding.Readability,
                DataWeight.Error,
                inspections[image.Path].Wrong!
            ));

    private static IEnumerable<DataFinding> Sizes(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyDictionary<string, PictureInspection> inspections,
        bool published
    )
    {
        var sizes = images
            .Where(image => inspections[image.Path].Digest is not null)
            .GroupBy(image => (inspections[image.Path].Digest!.Width, inspections[image.Path].Digest!.Height))
            .OrderByDescending(size => size.Count())
            .ThenBy(size => size.Key)
            .ToList();
        (int Width, int Height) usual = published || sizes.Count == 0 ? PublishedBreakhis.Size : sizes[0].Key;
        string expected = published ? "BreaKHis images are" : "most are";
        foreach (IGrouping<(int Width, int Height), CatalogueImage>? size in sizes.Where(size => size.Key != usual))
        {
            yield return new DataFinding(
                DataFinding.Sizes,
                DataWeight.Warning,
                Invariant(
                    $"{Plural.Of(size.Count(), "image is", "images are")} {size.Key.Width} x {size.Key.Height} pixels; {expected} {usual.Width} x {usual.Height}: {Listing.Words([.. size.Select(image => image.Path)])}"
                )
            );
        }
    }

    private static IEnumerable<DataFinding> Formats(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyDictionary<string, PictureInspection> inspections,
        bool published
    )
    {
        (string One, string Many, DataWeight Weight, Func<PictureFormat, bool> Is)[] unusual =
        [
            (
                "is greyscale (read as three equal channels)",
                "are greyscale (read as three equal channels)",
                DataWeight.Warning,
                format => format.Grey
            ),
            (
                "has an alpha channel, which is dropped",
                "have an alpha channel, which is dropped",
                DataWeight.Warning,
                format => format.Alpha
            ),
            (
                "has 16 bits per channel (read as 8)",
                "have 16 bits per channel (read as 8)",
                DataWeight.Warning,
                format => format.BitDepth == 16
            ),
            (
                "is JPEG, a lossy format",
                "are JPEG, a lossy format",
                published ? DataWeight.Warning : DataWeight.Note,
                format => format.IsJpeg
            ),
        ];
        foreach ((string one, string many, DataWeight weight, Func<PictureFormat, bool> isSo) in unusual)
        {
            string[] found =
            [
                .. images
                    .Where(image => inspections[image.Path].Format is { } format && isSo(format))
                    .Select(image => image.Path),
            ];
            if (found.Length > 0)
            {
                yield return new DataFinding(
                    DataFinding.Formats,
                    weight,
                    $"{Plural.Of(found.Length, $"image {one}", $"images {many}")}: {Listing.Words(found)}"
                );
            }
        }

        foreach (CatalogueImage image in images.Where(image => Misnamed(image.Path, inspections[image.Path].Format)))
        {
            yield return new DataFinding(
                DataFinding.Formats,
                DataWeight.Note,
                $"{image.Path} contains {inspections[image.Path].Format!.Kind} data, despite its extension"
            );
        }
    }

    private static bool Misnamed(string path, PictureFormat? format) =>
        format is not null && ImageFormats.KindOf(path) != format.Kind;

    private static IEnumerable<DataFinding> Same(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyDictionary<string, PictureInspection> inspections
    )
    {
        CatalogueImage[] readable = [.. images.Where(image => inspections[image.Path].Digest is not null)];
        PictureDigest[] digests = [.. readable.Select(image => inspections[image.Path].Digest!)];
        foreach (int[] group in Duplicates.Same([.. digests.Select(digest => digest.Pixels)]))
        {
            yield return Twice(
                LeakCheck.Pixels,
                $"{group.Length} identical images",
                [.. group.Select(i => readable[i])]
            );
        }

        IReadOnlyList<NearPair> near = Duplicates.Near(digests, (a, b) => digests[a].Pixels != digests[b].Pixels);
        foreach ((IReadOnlyList<int> group, bool hasTurned) in Duplicates.Groups(near))
        {
            string turned =
                !hasTurned ? ""
                : group.Count == 2 ? ", one of them turned or mirrored"
                : ", some turned or mirrored";
            yield return Twice(
                LeakCheck.Title(LeakCheck.NearDuplicates),
                $"{group.Count} nearly identical images{turned}",
                [.. group.Select(i => readable[i])]
            );
        }

        string[] flat = [.. readable.Zip(Duplicates.TooFlat(digests)).Where(i => i.Second).Select(i => i.First.Path)];
        if (flat.Length > 0)
        {
            yield return new DataFinding(
                LeakCheck.Title(LeakCheck.NearDuplicates),
                DataWeight.Note,
                $"{Plural.Of(flat.Length, "image is", "images are")} too flat to compare: {Listing.Words(flat)}"
            );
        }
    }

    private static DataFinding Twice(string about, string what, CatalogueImage[] images)
    {
        string[] subtypes = [.. images.Select(image => image.Subtype).Distinct(StringComparer.Ordinal)];
        string where = subtypes.Length == 1 ? $"within {subtypes[0]}" : $"across {string.Join(" and ", subtypes)}";
        return new DataFinding(
            about,
            DataWeight.Warning,
            $"{what}, {where}: {Listing.Words([.. images.Select(image => image.Path)])}"
        );
    }
}
