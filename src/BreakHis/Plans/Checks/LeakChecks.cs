using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Wording;

namespace BreakHis.Plans.Checks;

/// <summary>Checks whether the sides of a split are independent: training, validation and test images.</summary>
internal static class LeakChecks
{
    /// <summary>The number of examples in a text.</summary>
    internal const int Shown = 3;

    /// <summary>Returns all checks of a split, in a fixed order.</summary>
    /// <param name="digests">The digests of the images by SHA-256, or null if images were not inspected.</param>
    public static IReadOnlyList<LeakCheck> Of(
        IReadOnlyList<PlannedImage> images,
        IReadOnlyDictionary<string, PictureDigest>? digests
    )
    {
        LeakCheck[] byName = [Patients(images), Roots(images), Labels(images), Files(images)];
        return digests is null
            ? [.. byName, NotCompared(LeakCheck.Pixels), NotCompared(LeakCheck.NearDuplicates)]
            : [.. byName, Pixels(images, digests), Near(images, digests)];
    }

    /// <summary>Returns the checks as one sentence, for use if no leak was found.</summary>
    /// <param name="hasTest">Whether the split has test images.</param>
    public static string InWords(IReadOnlyList<LeakCheck> checks, bool hasTest)
    {
        string @checked = string.Join(", ", Names(checks, LeakVerdict.Clean));
        string[] not = [.. Names(checks, LeakVerdict.NotChecked)];
        string rest = not.Length > 0 ? $"; not checked: {string.Join(", ", not)}" : "";
        string sides = hasTest ? "training, validation and test" : "training and validation";
        return $"no leak found between {sides} (checked: {@checked}{rest})";
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
                .Where(image => BreakhisSlide.Is(image.Patient))
                .Distinct()
                .GroupBy(image => image.Patient, image => image.Subtype, StringComparer.Ordinal)
                .Where(patient => patient.Count() > 1)
                .OrderBy(patient => patient.Key, StringComparer.Ordinal)
                .Select(patient => (patient.Key, patient.Order(StringComparer.Ordinal).ToArray())),
        ];

    private static IEnumerable<string> Names(IReadOnlyList<LeakCheck> checks, LeakVerdict verdict) =>
        checks
            .Where(check => check.Verdict == verdict)
            .Select(check => LeakCheck.Title(check.Name))
            .Order(StringComparer.Ordinal);

    private static LeakCheck Patients(IReadOnlyList<PlannedImage> images)
    {
        const string Name = LeakCheck.Patients;
        int unknown = Unknown(images);
        IReadOnlyList<string> shared = PatientLeaks.Patients(images);
        IReadOnlyList<string> alike = PatientLeaks.Alike(images);
        return shared.Count > 0 ? new(Name, LeakVerdict.Leak, PatientLeaks.Finding(images))
            : alike.Count > 0
                ? new(
                    Name,
                    LeakVerdict.Doubt,
                    $"patients on {Several(images)} have names that differ only by case, blanks or leading zeros ({Some(alike)}); if they are the same people, give them one name"
                )
            : unknown > 0 ? new(Name, LeakVerdict.NotChecked, $"the patient is unknown for {HowMany(unknown, images)}")
            : new(
                Name,
                LeakVerdict.Clean,
                $"no patient is on {Several(images)} ({string.Join(", ", images.Select(image => image.Side).Distinct().Order().Select(side => $"{Count(images, side)} in {Sides.Of(side)}"))})"
            );
    }

    private static int Count(IReadOnlyList<PlannedImage> images, Side side) =>
        KnownPatients.Count(images.Where(image => image.Side == side).Select(image => image.Patient));

    private static int Unknown(IReadOnlyList<PlannedImage> images) => images.Count(image => image.Patient.Length == 0);

    private static int WithoutSlide(IReadOnlyList<PlannedImage> images) =>
        images.Count(image => !BreakhisSlide.Is(image.Patient));

    private static string HowMany(int unknown, IReadOnlyList<PlannedImage> images) =>
        unknown == images.Count ? "all images" : $"{unknown} of {Plural.Of(images.Count, "image")}";

    private static LeakCheck Roots(IReadOnlyList<PlannedImage> images)
    {
        const string Name = LeakCheck.Roots;
        string[] slides = images
            .Where(image => BreakhisSlide.Is(image.Patient))
            .GroupBy(image => BreakhisSlide.RootOf(image.Patient), StringComparer.Ordinal)
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
                    $"slides share their number but are on {Several(images)} ({Some(slides)}); BreaKHis does not say whether they come from one patient; split by: root keeps them together"
                )
            : WithoutSlide(images) is > 0 and int unknown
                ? new(Name, LeakVerdict.NotChecked, $"the slide is unknown for {HowMany(unknown, images)}")
            : new(Name, LeakVerdict.Clean, "different slides with the same number are on the same side");
    }

    private static LeakCheck Labels(IReadOnlyList<PlannedImage> images)
    {
        const string Name = LeakCheck.Labels;
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

    private static LeakCheck Files(IReadOnlyList<PlannedImage> images) =>
        images.Any(image => image.Sha256.Length == 0)
            ? NotCompared(LeakCheck.Files)
            : Same(
                LeakCheck.Files,
                [.. Pairs(images, image => image.Sha256)],
                others => $"also in {others}, byte for byte",
                $"no file is on {Several(images)}, byte for byte"
            );

    private static LeakCheck Pixels(
        IReadOnlyList<PlannedImage> images,
        IReadOnlyDictionary<string, PictureDigest> digests
    ) =>
        Same(
            LeakCheck.Pixels,
            [.. Pairs(images, image => digests[image.Sha256].Pixels)],
            others => $"also in {others}, pixel for pixel",
            $"no image is on {Several(images)}, pixel for pixel"
        );

    private static LeakCheck Near(
        IReadOnlyList<PlannedImage> images,
        IReadOnlyDictionary<string, PictureDigest> digests
    )
    {
        PlannedImage[] all = [.. images.OrderBy(image => image.Side)];
        PictureDigest[] inspections = [.. all.Select(image => digests[image.Sha256])];
        (PlannedImage, PlannedImage)[] pairs =
        [
            .. Duplicates
                .Near(
                    inspections,
                    (a, b) => all[a].Side != all[b].Side && inspections[a].Pixels != inspections[b].Pixels
                )
                .Select(pair => (all[pair.Second], all[pair.First])),
        ];
        string none = Pairs(all, image => digests[image.Sha256].Pixels).Any()
            ? "apart from identical images, no"
            : "no";
        LeakCheck check = Same(
            LeakCheck.NearDuplicates,
            pairs,
            others => $"nearly identical to a {others} image",
            HasTest(images)
                ? $"{none} image is nearly identical to one on a different side"
                : $"{none} validation image is nearly identical to a training image"
        );
        int unread = inspections.Count(digest => digest.IsUnreadable);
        int flat = Duplicates.TooFlat(inspections).Count(isFlat => isFlat) - unread;
        string of = $"of {Plural.Of(all.Length, "image")}";
        string?[] skips =
        [
            flat > 0 ? $"{flat} {of} are too flat to compare" : null,
            unread > 0 ? $"{unread} {of} cannot be read" : null,
        ];
        string skipped = string.Join("; ", skips.OfType<string>());
        return skipped.Length == 0 ? check
            : check.Verdict == LeakVerdict.Leak ? check with { Text = $"{check.Text}; {skipped}" }
            : check with
            {
                Verdict = LeakVerdict.NotChecked,
                Text =
                    flat == all.Length
                        ? "all images are too flat to compare"
                        : $"{skipped}; among the others, {check.Text}",
            };
    }

    private static bool HasTest(IEnumerable<PlannedImage> images) => images.Any(image => image.Side == Side.Test);

    /// <summary>Returns words for several sides of a split.</summary>
    internal static string Several(IEnumerable<PlannedImage> images) =>
        HasTest(images) ? "different sides" : "both sides";

    /// <summary>Returns the images that an earlier side has too, with one of its images.</summary>
    private static IEnumerable<(PlannedImage Image, PlannedImage Other)> Pairs(
        IReadOnlyList<PlannedImage> images,
        Func<PlannedImage, string> key
    )
    {
        ILookup<string, PlannedImage> alike = images.OrderBy(image => image.Side).ToLookup(key, StringComparer.Ordinal);
        return images.SelectMany(image =>
            alike[key(image)].Take(1).Where(other => other.Side < image.Side).Select(other => (image, other))
        );
    }

    private static LeakCheck Same(
        string name,
        (PlannedImage Image, PlannedImage Other)[] pairs,
        Func<string, string> how,
        string clean
    )
    {
        int images = pairs.Select(pair => pair.Image.Path).Distinct(StringComparer.Ordinal).Count();
        string sides = Words(pairs.Select(pair => pair.Image));
        return images == 0
            ? new(name, LeakVerdict.Clean, clean)
            : new(
                name,
                LeakVerdict.Leak,
                $"{Plural.Of(images, $"{sides} image is", $"{sides} images are")} {how(Words(pairs.Select(pair => pair.Other)))}, such as {pairs[0].Image.Path} (as {pairs[0].Other.Path})"
            );
    }

    private static string Words(IEnumerable<PlannedImage> images) =>
        string.Join(" or ", images.Select(image => image.Side).Distinct().Order().Select(Sides.Of));

    private static LeakCheck NotCompared(string name) => new(name, LeakVerdict.NotChecked, "images were not compared");

    /// <summary>Returns the first of some items, and how many more there are.</summary>
    internal static string Some(IReadOnlyCollection<string> items) => Listing.Words(items, Shown);
}
