using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Data.Sources;

/// <summary>
/// BreaKHis as published: Spanhol et al. 2016 (IEEE Trans. Biomed. Eng. 63(7)), table of images and patients.
/// </summary>
internal static class PublishedBreakhis
{
    /// <summary>The number of images.</summary>
    public const int Images = 7909;

    /// <summary>Width and height of every image in pixels.</summary>
    public static (int Width, int Height) Size => (700, 460);

    /// <summary>
    /// The slide published under two subtypes, ductal_carcinoma and lobular_carcinoma, with different images in each.
    /// </summary>
    public const string SlideUnderTwoSubtypes = "14-13412";

    /// <summary>The number of its images under each subtype: 32, 33, 32 and 26 at the four magnifications.</summary>
    public const int ImagesOfSlideUnderTwoSubtypes = 123;

    /// <summary>The magnifications, in ascending order.</summary>
    public static IReadOnlyList<int> Magnifications { get; } = [40, 100, 200, 400];

    /// <summary>The number of images per magnification, and the number of patients, of each subtype.</summary>
    public static IReadOnlyList<(string Subtype, IReadOnlyList<int> Images, int Patients)> Subtypes { get; } =
    [
        ("adenosis", [114, 113, 111, 106], 4),
        ("fibroadenoma", [253, 260, 264, 237], 10),
        ("phyllodes_tumor", [109, 121, 108, 115], 3),
        ("tubular_adenoma", [149, 150, 140, 130], 7),
        ("ductal_carcinoma", [864, 903, 896, 788], 38),
        ("lobular_carcinoma", [156, 170, 163, 137], 5),
        ("mucinous_carcinoma", [205, 222, 196, 169], 9),
        ("papillary_carcinoma", [145, 142, 135, 138], 6),
    ];

    /// <summary>
    /// Returns every difference between the images and the published table, one line each. Magnifications without any
    /// images share one line.
    /// </summary>
    /// <param name="magnifications">The magnifications that were selected; empty for all.</param>
    public static IEnumerable<string> Differences(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyList<int> magnifications
    )
    {
        var counts = images.CountBy(image => (image.Subtype, image.Magnification)).ToDictionary();
        int[] taken = [.. Magnifications.Where(m => magnifications.Count == 0 || magnifications.Contains(m))];
        int[] absent = [.. taken.Where(m => !images.Any(image => image.Magnification == m))];
        if (absent.Length > 0)
        {
            yield return $"no image at {string.Join(", ", absent.Select(m => Invariant($"{m}X (published {All(m)})")))}";
        }

        foreach ((string subtype, IReadOnlyList<int> published, int patients) in Subtypes)
        {
            foreach (int m in taken.Except(absent))
            {
                int expected = published[IndexOf(m)];
                int here = counts.GetValueOrDefault((subtype, m));
                if (here != expected)
                {
                    yield return Invariant(
                        $"{subtype} at {m}X: {Plural.Of(here, "image")}, published {expected} ({here - expected:+0;-0})"
                    );
                }
            }

            int patientsHere = PatientsOf(images, subtype);
            if (patientsHere != patients)
            {
                yield return Invariant(
                    $"{subtype}: {Plural.Of(patientsHere, "patient")}, published {patients} ({patientsHere - patients:+0;-0})"
                );
            }
        }
    }

    /// <summary>
    /// Returns whether the images are the published ones except those of the slide published under two subtypes.
    /// </summary>
    public static bool LacksOnlyTheSlideUnderTwoSubtypes(IReadOnlyList<CatalogueImage> images) =>
        images.Count == Images - (2 * ImagesOfSlideUnderTwoSubtypes)
        && !images.Any(image => image.Patient == SlideUnderTwoSubtypes)
        && Subtypes.Sum(subtype => PatientsOf(images, subtype.Subtype))
            == Subtypes.Sum(subtype => subtype.Patients) - 2;

    private static int PatientsOf(IReadOnlyList<CatalogueImage> images, string subtype) =>
        KnownPatients.Count(images.Where(image => image.Subtype == subtype).Select(image => image.Patient));

    private static int All(int magnification) => Subtypes.Sum(subtype => subtype.Images[IndexOf(magnification)]);

    private static int IndexOf(int magnification) => Magnifications.Index().First(m => m.Item == magnification).Index;
}
