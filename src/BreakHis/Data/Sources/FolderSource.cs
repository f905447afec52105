using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>
/// One folder per class, at the top level or inside folders for the sides, such as Train and Validate in the question. If
/// a file name is a BreaKHis name, it gives patient and magnification.
/// </summary>
internal static class FolderSource
{
    /// <summary>Lists the images.</summary>
    /// <param name="keepSides">Whether the folders' sides are used, so that there must be folders for training, and for
    /// validation or testing.</param>
    /// <exception cref="DataException">The folders cannot be used as classes and sides.</exception>
    public static SourceListing List(
        string folder,
        IReadOnlyList<string> exclude,
        PatientRule? patient,
        bool keepSides,
        Func<string, string> hash,
        Action<int, int>? hashed,
        CancellationToken cancellation
    )
    {
        var content = ImageFolder.Of(folder, exclude);
        Found[] found = [.. content.Images.Select(Classify).OfType<Found>()];
        DemandOneSideEach(folder, content.Images);
        bool sidesGiven = Array.Exists(found, file => file.Side is not null);
        LostClasses.DemandNone(
            folder,
            content,
            found.Select(file => file.Class),
            // Beside folders for the sides, others contain no classes.
            path => Classify(path) is { } file && (file.Side is not null || !sidesGiven) ? file.Class : null
        );
        FolderLayout.DemandSidesOnTop(folder, [.. found.Where(file => file.Side is null).Select(file => file.Path)]);
        DemandClassesAndSides(folder, found, content.Images, keepSides);
        PatientPath? patients = patient is null ? null : PatientPath.Of(patient);
        return new SourceListing(
            ImageFiles.Each(
                found,
                file => ImageFiles.Hashed(Image(file, patients?.In(file.Path)), folder, hash),
                hashed,
                cancellation
            ),
            [
                .. LeftOut.Any(
                    "image outside the class folders",
                    "images outside the class folders",
                    content.Images.Except(found.Select(file => file.Path), StringComparer.Ordinal)
                ),
                .. LeftOut.Any("class folder without images", "class folders without images", WithoutImages(content)),
                .. content.LeftOut,
            ]
        );
    }

    /// <summary>Returns the folders where classes are expected that contain files, but no image other than
    /// previews.</summary>
    private static IEnumerable<string> WithoutImages(ImageFolder content)
    {
        var withImages = content
            .Images.Concat(content.Unread)
            .Concat(content.Unnamed)
            .Concat(content.Excluded)
            .Select(ClassFolder)
            .ToHashSet(StringComparer.Ordinal);
        return content
            .OtherFiles.Concat(content.Previews)
            .Concat(content.HiddenFiles)
            .Select(ClassFolder)
            .OfType<string>()
            .Where(path => !ImageFolder.IsPreview(path))
            .Distinct(StringComparer.Ordinal)
            .Except(withImages, StringComparer.Ordinal)!;
    }

    private static string? ClassFolder(string path)
    {
        (string[] parts, Side[] sides) = Parts(path);
        return parts.Length > sides.Length + 1 ? string.Join('/', parts[..(sides.Length + 1)]) : null;
    }

    private static void DemandClassesAndSides(
        string folder,
        Found[] found,
        IReadOnlyList<string> images,
        bool keepSides
    )
    {
        if (found.Length == 0)
        {
            throw new DataException(
                $"{folder}: contains no image in a class folder (CLASS/x.png, or Train/CLASS/x.png and Validate/CLASS/x.png)"
            );
        }

        bool sidesGiven = Array.Exists(found, file => file.Side is not null);
        if (sidesGiven && Array.Find(found, file => file.Side is null) is { } stray)
        {
            throw new DataException(
                $"{folder}: {stray.Path} is not below a folder for training, validation or testing"
            );
        }

        if (Spellings(found) is var (first, second))
        {
            throw new DataException(
                $"{folder}: the classes of {first.Path} and {second.Path} differ only in capitals, blanks or Unicode form; rename one of the folders"
            );
        }

        if (!keepSides || !sidesGiven)
        {
            return;
        }

        string? missing =
            !Array.Exists(found, file => file.Side == Side.Train) ? "training folder"
            : !Array.Exists(found, file => file.Side != Side.Train) ? "folder for validation or testing"
            : null;
        if (missing is not null)
        {
            string? unlabelled = images.FirstOrDefault(image =>
                Parts(image).Sides.Length > 0 && Classify(image) is null
            );
            string hint = unlabelled is null
                ? "to divide the images of all folders again, split by: image with validation: 0.2, for example"
                : $"{unlabelled} is in one without a class folder, so its class is unknown";
            throw new DataException($"{folder} has no {missing} with classes; {hint}") { Setting = "data.split" };
        }
    }

    /// <summary>
    /// Returns two images of one class that is spelled differently on two sides, or null. Two spellings on the same side
    /// are two classes, such as letters and capitals.
    /// </summary>
    private static (Found First, Found Second)? Spellings(Found[] found)
    {
        foreach (
            IGrouping<string, Found> spelled in found.GroupBy(file => Spelling.Of(file.Class), StringComparer.Ordinal)
        )
        {
            Found[] ofEach = [.. spelled.DistinctBy(file => (file.Class, file.Side))];
            Found[] names = [.. ofEach.DistinctBy(file => file.Class, StringComparer.Ordinal)];
            bool together = ofEach.GroupBy(file => file.Side).Any(side => side.Count() > 1);
            if (names.Length > 1 && !together)
            {
                return (names[0], names[1]);
            }
        }

        return null;
    }

    /// <summary>Returns a file with its class, or null if it is in no class folder.</summary>
    private static Found? Classify(string path)
    {
        (string[] parts, Side[] sides) = Parts(path);
        return parts.Length > sides.Length + 1 && !parts[..(sides.Length + 1)].Any(ImageFolder.IsPreview)
            ? new Found(path, parts[sides.Length], sides.Length == 0 ? null : sides[0])
            : null;
    }

    /// <summary>
    /// Returns the parts of a path, and the sides that the first of them name: a folder for a side may contain one of the
    /// same name, such as training_set/training_set.
    /// </summary>
    private static (string[] Parts, Side[] Sides) Parts(string path)
    {
        string[] parts = path.Split('/');
        return (parts, [.. parts.Select(Sides.Named).TakeWhile(side => side is not null).Select(side => side!.Value)]);
    }

    private static void DemandOneSideEach(string folder, IEnumerable<string> images)
    {
        string? mixed = images.FirstOrDefault(path => Parts(path).Sides.Distinct().Count() > 1);
        if (mixed is not null)
        {
            throw new DataException($"{folder}: {mixed} is in a folder for one side inside a folder for another");
        }
    }

    private static CatalogueImage Image(Found file, string? patient)
    {
        var name = BreakhisFileName.InPath(file.Path);
        return new CatalogueImage(
            file.Path,
            "",
            file.Class,
            null,
            patient ?? name?.Patient ?? "",
            name?.Magnification ?? 0,
            file.Side
        );
    }

    private sealed record Found(string Path, string Class, Side? Side);
}
