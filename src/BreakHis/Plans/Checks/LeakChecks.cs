using System.Text.Json.Serialization;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Splits;
using BreakHis.Wording;

namespace BreakHis.Plans.Checks;

/// <summary>The outcome of one leak check.</summary>
internal enum LeakVerdict
{
    /// <summary>Checked; nothing found.</summary>
    Clean,

    /// <summary>A possible leak.</summary>
    Doubt,

    /// <summary>Validation data leaks into training.</summary>
    Leak,

    /// <summary>Could not be checked.</summary>
    NotChecked,
}

/// <summary>A check of a split for leaks from training into validation.</summary>
/// <param name="Name">The subject: patients, roots, labels, files, pixels or near_duplicates.</param>
/// <param name="Verdict">The outcome; "finding" in JSON.</param>
/// <param name="Text">The finding, on one line.</param>
internal sealed record LeakCheck(string Name, [property: JsonPropertyName("finding")] LeakVerdict Verdict, string Text)
{
    /// <summary>The name of the check for patients on both sides.</summary>
    public const string Patients = "patients";

    /// <summary>The outcome in words: clean, doubt, leak or not checked.</summary>
    public string Word => WordOf(Verdict);

    /// <summary>An outcome in words: clean, doubt, leak or not checked.</summary>
    public static string WordOf(LeakVerdict verdict) =>
        verdict switch
        {
            LeakVerdict.Clean => "clean",
            LeakVerdict.Doubt => "doubt",
            LeakVerdict.Leak => "leak",
            LeakVerdict.NotChecked => "not checked",
            _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
        };
}

/// <summary>Checks whether validation images are independent of training images.</summary>
internal static class LeakChecks
{
    private const int Shown = 3;

    /// <summary>Returns all checks of a split, in a fixed order.</summary>
    /// <param name="images">The images and their sides.</param>
    /// <param name="digests">The digests of the images by SHA-256, or null if images were not inspected.</param>
    public static IReadOnlyList<LeakCheck> Of(
        IReadOnlyList<PlannedImage> images,
        IReadOnlyDictionary<string, PictureDigest>? digests
    )
    {
        PlannedImage[] train = [.. images.Where(image => image.Side == Side.Train)];
        PlannedImage[] validation = [.. images.Where(image => image.Side == Side.Validation)];
        LeakCheck[] byName = [Patients(images), Roots(images), Labels(images), Files(train, validation)];
        return digests is null
            ? [.. byName, NotCompared("pixels"), NotCompared("near_duplicates")]
            : [.. byName, Pixels(train, validation, digests), Near(train, validation, digests)];
    }

    /// <summary>Returns the checks as one sentence, for use if no leak was found.</summary>
    public static string InWords(IReadOnlyList<LeakCheck> checks)
    {
        string @checked = string.Join(", ", Names(checks, LeakVerdict.Clean));
        string[] not = [.. Names(checks, LeakVerdict.NotChecked)];
        string rest = not.Length > 0 ? $"; not checked: {string.Join(", ", not)}" : "";
        return $"no leak found between training and validation (checked: {@checked}{rest})";
    }

    /// <summary>
    /// Returns slides that occur under several subtypes, as 14-13412 does in BreaKHis, with their subtypes.
    /// </summary>
    /// <param name="images">Patient and subtype of each image.</param>
    public static IReadOnlyList<(string Patient, string[] Subtypes)> UnderSeveralSubtypes(
        IEnumerable<(string Patient, string Subtype)> images
    ) =>
        [
            .. images
                .Where(image => Split.IsSlide(image.Patient))
                .Distinct()
                .GroupBy(image => image.Patient, image => image.Subtype, StringComparer.Ordinal)
                .Where(patient => patient.Count() > 1)
                .OrderBy(patient => patient.Key, StringComparer.Ordinal)
                .Select(patient => (patient.Key, patient.Order(StringComparer.Ordinal).ToArray())),
        ];

    private static IEnumerable<string> Names(IReadOnlyList<LeakCheck> checks, LeakVerdict verdict) =>
        checks
            .Where(check => check.Verdict == verdict)
            .Select(check => check.Name.Replace('_', '-'))
            .Order(StringComparer.Ordinal);

    private static LeakCheck Patients(IReadOnlyList<PlannedImage> images)
    {
        const string Name = LeakCheck.Patients;
        int unknown = Unknown(images);
        IReadOnlyList<string> shared = SharedPatients.Patients(images);
        return shared.Count > 0
                ? new(
                    Name,
                    LeakVerdict.Leak,
                    $"{Plural.Of(shared.Count, "patient is", "patients are")} on both sides of the split ({Some(shared)}), so accuracy on unseen patients will be lower than shown"
                )
            : unknown > 0 ? new(Name, LeakVerdict.NotChecked, $"the patient is unknown for {HowMany(unknown, images)}")
            : new(
                Name,
                LeakVerdict.Clean,
                $"no patient is on both sides ({Count(images, Side.Train)} in training, {Count(images, Side.Validation)} in validation)"
            );
    }

    private static int Count(IReadOnlyList<PlannedImage> images, Side side) =>
        KnownPatients.Count(images.Where(image => image.Side == side).Select(image => image.Patient));

    private static int Unknown(IReadOnlyList<PlannedImage> images) => images.Count(image => image.Patient.Length == 0);

    private static int WithoutSlide(IReadOnlyList<PlannedImage> images) =>
        images.Count(image => !Split.IsSlide(image.Patient));

    private static string HowMany(int unknown, IReadOnlyList<PlannedImage> images) =>
        unknown == images.Count ? "all images" : $"{unknown} of {Plural.Of(images.Count, "image")}";

    private static LeakCheck Roots(IReadOnlyList<PlannedImage> images)
    {
        const string Name = "roots";
        string[] slides = images
            .Where(image => Split.IsSlide(image.Patient))
            .GroupBy(image => Split.RootOf(image.Patient), StringComparer.Ordinal)
            .Select(root =>
                (
                    Root: root.Key,
                    Slides: root.Select(image => image.Patient)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal)
                        .ToArray(),
                    Sides: root.Select(image => image.Side).Distinct().Count()
                )
            )
            .Where(root => root.Slides.Length > 1 && root.Sides > 1)
            .OrderBy(root => root.Root, StringComparer.Ordinal)
            .Select(root => string.Join(" and ", root.Slides))
            .ToArray();
        return slides.Length > 0
                ? new(
                    Name,
                    LeakVerdict.Doubt,
                    $"slides with the same number are on both sides ({Some(slides)}); BreaKHis does not say whether they come from one patient; split by: root keeps them together"
                )
            : WithoutSlide(images) is > 0 and int unknown
                ? new(Name, LeakVerdict.NotChecked, $"the slide is unknown for {HowMany(unknown, images)}")
            : new(Name, LeakVerdict.Clean, "slides with the same number are on the same side");
    }

    private static LeakCheck Labels(IReadOnlyList<PlannedImage> images)
    {
        const string Name = "labels";
        IReadOnlyList<(string Patient, string[] Subtypes)> twice = UnderSeveralSubtypes(
            images.Select(image => (image.Patient, image.Subtype))
        );
        return twice.Count > 0
                ? new(
                    Name,
                    LeakVerdict.Doubt,
                    $"{Some([.. twice.Select(slide => $"slide {slide.Patient} is listed under {string.Join(" and ", slide.Subtypes)}")])}; one of the labels is wrong"
                )
            : WithoutSlide(images) is > 0 and int unknown
                ? new(Name, LeakVerdict.NotChecked, $"the slide is unknown for {HowMany(unknown, images)}")
            : new(Name, LeakVerdict.Clean, "no slide is listed under two subtypes");
    }

    private static LeakCheck Files(PlannedImage[] train, PlannedImage[] validation) =>
        Array.Exists(validation, image => image.Sha256.Length == 0)
            ? NotCompared("files")
            : Same(
                "files",
                [.. Pairs(train, validation, image => image.Sha256)],
                "also in training, byte for byte",
                "no file is on both sides under different names"
            );

    private static LeakCheck Pixels(
        PlannedImage[] train,
        PlannedImage[] validation,
        IReadOnlyDictionary<string, PictureDigest> digests
    ) =>
        Same(
            "pixels",
            [.. Pairs(train, validation, image => digests[image.Sha256].Pixels)],
            "also in training, pixel for pixel",
            "no image is on both sides, pixel for pixel"
        );

    private static LeakCheck Near(
        PlannedImage[] train,
        PlannedImage[] validation,
        IReadOnlyDictionary<string, PictureDigest> digests
    )
    {
        PlannedImage[] all = [.. train, .. validation];
        PictureDigest[] inspections = [.. all.Select(image => digests[image.Sha256])];
        (PlannedImage, PlannedImage)[] pairs =
        [
            .. Duplicates
                .Near(inspections)
                .Where(pair => all[pair.First].Side != all[pair.Second].Side)
                .Where(pair => inspections[pair.First].Pixels != inspections[pair.Second].Pixels)
                .Select(pair => (all[pair.Second], all[pair.First])),
        ];
        return Same(
            "near_duplicates",
            pairs,
            "nearly identical to a training image",
            "no validation image is nearly identical to a training image"
        );
    }

    private static IEnumerable<(PlannedImage Validated, PlannedImage Trained)> Pairs(
        PlannedImage[] train,
        PlannedImage[] validation,
        Func<PlannedImage, string> key
    )
    {
        ILookup<string, PlannedImage> trained = train.ToLookup(key, StringComparer.Ordinal);
        return validation.SelectMany(image => trained[key(image)].Take(1).Select(other => (image, other)));
    }

    private static LeakCheck Same(
        string name,
        (PlannedImage Validated, PlannedImage Trained)[] pairs,
        string how,
        string clean
    )
    {
        int images = pairs.Select(pair => pair.Validated.Path).Distinct(StringComparer.Ordinal).Count();
        return images == 0
            ? new(name, LeakVerdict.Clean, clean)
            : new(
                name,
                LeakVerdict.Leak,
                $"{Plural.Of(images, "validation image is", "validation images are")} {how}, such as {pairs[0].Validated.Path} (as {pairs[0].Trained.Path})"
            );
    }

    private static LeakCheck NotCompared(string name) => new(name, LeakVerdict.NotChecked, "images were not compared");

    private static string Some(IReadOnlyCollection<string> items) => Listing.Words(items, Shown);
}
