using System.Diagnostics;
using BreakHis.Data.Sources;
using BreakHis.Numerics;
using BreakHis.Specs;

namespace BreakHis.Data.Splits;

/// <summary>Divides images into training, validation and test images.</summary>
internal static class Split
{
    /// <summary>
    /// Returns the side of each image. By patient: all images of a patient are on the same side, regardless of their
    /// labels. By image: each image is its own group. By root: slides with the same number are one group. All three are
    /// stratified by label. By folders or file: the sides given there; if they give no validation images, these are
    /// drawn from the training images, by patient if every patient is known, by image otherwise.
    /// </summary>
    /// <param name="labels">One label per image.</param>
    /// <exception cref="DataException">The images cannot be divided this way.</exception>
    public static Side[] Divide(IReadOnlyList<CatalogueImage> images, IReadOnlyList<string> labels, SplitSpec spec) =>
        spec.By is SplitUnit.Folders or SplitUnit.File
            ? AsGiven(images, labels, spec)
            : [.. Drawn(images, labels, spec).Select(isValidated => isValidated ? Side.Validation : Side.Train)];

    private static bool[] Drawn(IReadOnlyList<CatalogueImage> images, IReadOnlyList<string> labels, SplitSpec spec)
    {
        if (spec.By is SplitUnit.Patient or SplitUnit.Root && images.Any(image => image.Patient.Length == 0))
        {
            string path = images.First(image => image.Patient.Length == 0).Path;
            throw new DataException(
                $"to split by patient or root, the patient of every image must be known; it is unknown for {path}; say with data.patient where the paths contain it, or split by image"
            )
            {
                Setting = "data.split.by",
            };
        }

        IReadOnlyList<Group> groups = Groups(images, labels, spec.By);
        var validated = new HashSet<string>(StringComparer.Ordinal);
        int[] foldSizes = new int[spec.Folds ?? 0];
        foreach (IGrouping<string, Group> stratum in groups.GroupBy(g => g.Label, StringComparer.Ordinal))
        {
            Group[] shuffled = Shuffled([.. stratum], spec.Seed, stratum.Key);
            validated.UnionWith(
                spec.Folds is null
                    ? Share(shuffled, spec.Validation!.Value)
                    : Fold(shuffled, spec.Fold!.Value - 1, foldSizes)
            );
        }

        return [.. images.Select(image => validated.Contains(Key(image, spec.By)))];
    }

    private static Side[] AsGiven(IReadOnlyList<CatalogueImage> images, IReadOnlyList<string> labels, SplitSpec spec)
    {
        if (images.Any(image => image.GivenSide is null))
        {
            throw new DataException(
                "to split by folders, the folder needs a folder for each side, such as Train and Validate, or Train and Test, each with one folder per class"
            )
            {
                Setting = "data.split.by",
            };
        }

        Side[] sides = [.. images.Select(image => image.GivenSide!.Value)];
        string? fault = (Array.Exists(sides, side => side == Side.Validation), spec.Validation) switch
        {
            (true, not null) => "the split has validation images of its own; remove validation",
            (false, null) =>
                "the split has no validation images; draw them from the training images with validation: 0.2, for example",
            _ => null,
        };
        if (fault is not null)
        {
            throw new DataException(fault) { Setting = "data.split.validation" };
        }

        return spec.Validation is null ? sides : WithValidation(images, labels, spec, sides);
    }

    private static Side[] WithValidation(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyList<string> labels,
        SplitSpec spec,
        Side[] sides
    )
    {
        int[] train = [.. Enumerable.Range(0, images.Count).Where(i => sides[i] == Side.Train)];
        bool patientsKnown = Array.TrueForAll(train, i => images[i].Patient.Length > 0);
        bool[] validated = Drawn(
            [.. train.Select(i => images[i])],
            [.. train.Select(i => labels[i])],
            spec with
            {
                By = patientsKnown ? SplitUnit.Patient : SplitUnit.Image,
                Fold = null,
            }
        );
        HashSet<int> drawn = [.. train.Where((_, i) => validated[i])];
        return [.. sides.Select((side, i) => drawn.Contains(i) ? Side.Validation : side)];
    }

    private static string Key(CatalogueImage image, SplitUnit by) =>
        by switch
        {
            SplitUnit.Patient => image.Patient,
            SplitUnit.Root => BreakhisSlide.RootOf(image.Patient),
            SplitUnit.Image => image.Path,
            _ => throw new UnreachableException($"unknown: {by}"),
        };

    /// <summary>
    /// Returns groups in ordinal order of label, then of key. A group has the most frequent label of its images.
    /// </summary>
    private static IReadOnlyList<Group> Groups(
        IReadOnlyList<CatalogueImage> images,
        IReadOnlyList<string> labels,
        SplitUnit by
    ) =>
        [
            .. Enumerable
                .Range(0, images.Count)
                .GroupBy(i => Key(images[i], by), StringComparer.Ordinal)
                .Select(group => new Group(group.Key, MostCommon(group.Select(i => labels[i])), group.Count()))
                .OrderBy(group => group.Label, StringComparer.Ordinal)
                .ThenBy(group => group.Key, StringComparer.Ordinal),
        ];

    private static string MostCommon(IEnumerable<string> labels) =>
        labels
            .GroupBy(label => label, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .First()
            .Key;

    private static Group[] Shuffled(Group[] groups, long seed, string label) =>
        [.. RandomStream.From(seed, "split", item: label).Permutation(groups.Length).Select(i => groups[i])];

    /// <summary>
    /// Adds groups while that brings the share of images closer to the target: at least one group, and never all of
    /// several.
    /// </summary>
    private static IEnumerable<string> Share(Group[] groups, double share)
    {
        double target = share * groups.Sum(group => group.Images);
        List<string> taken = [];
        int count = 0;
        foreach (Group group in groups)
        {
            bool nearer = Math.Abs(count + group.Images - target) < Math.Abs(count - target);
            if (nearer && taken.Count < groups.Length - 1)
            {
                taken.Add(group.Key);
                count += group.Images;
            }
        }

        return taken.Count == 0 && groups.Length > 1 ? [groups.MinBy(group => group.Images)!.Key] : taken;
    }

    /// <summary>
    /// Distributes groups, largest first, each to the fold that is smallest in this class, then overall.
    /// </summary>
    private static IEnumerable<string> Fold(Group[] groups, int fold, int[] foldSizes)
    {
        int[] sizes = new int[foldSizes.Length];
        List<string> taken = [];
        foreach (Group group in groups.OrderByDescending(group => group.Images))
        {
            int smallest = Enumerable.Range(0, sizes.Length).OrderBy(i => sizes[i]).ThenBy(i => foldSizes[i]).First();
            sizes[smallest] += group.Images;
            foldSizes[smallest] += group.Images;
            if (smallest == fold)
            {
                taken.Add(group.Key);
            }
        }

        return taken;
    }

    private sealed record Group(string Key, string Label, int Images);
}
