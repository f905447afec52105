using System.Diagnostics;
using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Json;
using BreakHis.Specs;

namespace BreakHis.Plans;

/// <summary>Assigns labels and sides to images.</summary>
internal static class Labelling
{
    /// <summary>The label of malignant images, if malignancy is the label.</summary>
    public const string Malignant = "malignant";

    /// <summary>Returns the catalogue's images with class and side.</summary>
    /// <exception cref="DataException">The images cannot be labelled or divided as the spec requires.</exception>
    public static DataPlan Label(DataSpec data, Catalogue catalogue)
    {
        string[] labels = [.. catalogue.Images.Select(image => LabelOf(image, data.Label))];
        string[] classes = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (classes.Length < 2)
        {
            bool areWrapped =
                data.Source == DataSource.Folders && catalogue.Images.All(image => image.GivenSide is null);
            string hint = areWrapped
                ? FolderLayout.InsideOne(catalogue.Folder ?? "", catalogue.Images.Select(image => image.Path))
                : "";
            throw new DataException(
                $"all images ({labels.Length}) belong to one class, {classes[0]}; at least two classes are needed{hint}"
            )
            {
                Setting = "data.label",
            };
        }

        Side[] sides = Split.Divide(catalogue.Images, labels, data.Split);
        DemandNoClassInTestOnly(catalogue.Images, labels, sides);
        PlannedImage[] images =
        [
            .. catalogue.Images.Select(
                (image, i) =>
                    new PlannedImage(
                        image.Path,
                        image.Sha256,
                        Array.IndexOf(classes, labels[i]),
                        image.Patient,
                        image.Subtype,
                        image.Magnification,
                        sides[i]
                    )
            ),
        ];
        foreach (Side side in Sides.Always)
        {
            if (!Array.Exists(images, image => image.Side == side))
            {
                string name = Sides.Of(side);
                throw new DataException($"leaves no {name} images ({images.Length} in total)")
                {
                    Setting = "data.split",
                };
            }
        }

        return new DataPlan(
            classes,
            images,
            catalogue.Folder,
            catalogue.SplitFile,
            ContentHash(classes, images),
            SplitHash(images),
            data.Patient is null ? null : PatientsHash(images),
            catalogue.LeftOut
        );
    }

    private static void DemandNoClassInTestOnly(IReadOnlyList<CatalogueImage> images, string[] labels, Side[] sides)
    {
        var others = new HashSet<string>(labels.Where((_, i) => sides[i] != Side.Test), StringComparer.Ordinal);
        int alone = Array.FindIndex(labels, label => !others.Contains(label));
        if (alone >= 0)
        {
            throw new DataException(
                $"class {labels[alone]} has only test images, such as {images[alone].Path}; a network cannot learn it"
            )
            {
                Setting = "data.split",
            };
        }
    }

    private static string LabelOf(CatalogueImage image, LabelKind kind) =>
        kind switch
        {
            LabelKind.Subtype => image.Subtype,
            LabelKind.Malignancy => image.Malignant switch
            {
                true => Malignant,
                false => "benign",
                null => throw new DataException($"the malignancy of {image.Path} is unknown")
                {
                    Setting = "data.label",
                },
            },
            _ => throw new UnreachableException($"unknown: {kind}"),
        };

    /// <summary>Returns the SHA-256 over every image's content hash and label.</summary>
    public static string ContentHash(IReadOnlyList<string> classes, IReadOnlyList<PlannedImage> images) =>
        CanonicalJson
            .Object(
                ("classes", CanonicalJson.Array(classes.Select(name => CanonicalJson.From(name)!))),
                (
                    "images",
                    CanonicalJson.Array(
                        images.Select(image => CanonicalJson.Array(image.Path, image.Sha256, image.Class))
                    )
                )
            )
            .Hash();

    /// <summary>Returns the SHA-256 over every image's side.</summary>
    public static string SplitHash(IReadOnlyList<PlannedImage> images) =>
        CanonicalJson
            .Array(
                images.Select(image =>
                    image.Side switch
                    {
                        Side.Train => CanonicalJson.Array(image.Path, false),
                        Side.Validation => CanonicalJson.Array(image.Path, true),
                        Side.Test => CanonicalJson.Array(image.Path, "test"),
                        _ => throw new UnreachableException($"unknown: {image.Side}"),
                    }
                )
            )
            .Hash();

    /// <summary>Returns the SHA-256 over every image's patient.</summary>
    public static string PatientsHash(IReadOnlyList<PlannedImage> images) =>
        CanonicalJson.Array(images.Select(image => CanonicalJson.Array(image.Path, image.Patient))).Hash();
}
