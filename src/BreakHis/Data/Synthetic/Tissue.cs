using System.Globalization;
using BreakHis.Numerics;

namespace BreakHis.Data.Synthetic;

/// <summary>
/// Synthetic breast tissue, in haematoxylin and eosin, in the layout and with the file names of BreaKHis. The eight
/// subtypes differ as a pathologist expects, patients of one subtype differ in growth and stain.
/// </summary>
/// <remarks>
/// An image depends on nothing but its spec and its name, and is the same, bit for bit, on every platform: it is made
/// of integer and exact floating-point operations only. It may be drawn in any order and on any thread.
/// </remarks>
internal static class Tissue
{
    /// <summary>The generator's version. Any change of any pixel changes it.</summary>
    public const string Version = "1";

    private const int MostPatients = 5_000;
    private const int MostImages = 999;
    private const int MostPixels = 4_096;

    // Of real pictures: a nucleus of 7 micrometres is 13 pixels of 700 long at 100X.
    private const float FieldAtUnitMagnification = 39_200;

    // Small pictures are drawn finer and shrunk: structure below a pixel is averaged, not lost.
    private const int FineColumns = 224;
    private const float FinePixel = 0.9f;

    /// <summary>All images of the data, by subtype, slide, magnification and running number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number of the spec is out of its range.</exception>
    public static IReadOnlyList<SlideImage> Layout(TissueSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Check(spec);
        return SlideLayout.Of(spec);
    }

    /// <summary>One image: red, green and blue of each pixel, row by row from the upper left.</summary>
    /// <param name="spec">Gives seed, width and height.</param>
    /// <param name="image">One of the images that <see cref="Layout"/> names.</param>
    /// <returns>Width * Height * 3 bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number of the spec is out of its range.</exception>
    /// <exception cref="ArgumentException">The image has no known subtype.</exception>
    public static byte[] Draw(TissueSpec spec, SlideImage image)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(image);
        Check(spec);
        var patient = Patient.Of(spec, image.Slide);
        var random = RandomStream.From(spec.Seed, "tissue: image", 0, Key(image));
        float field = FieldAtUnitMagnification / image.Magnification;
        var site = new Site(field, field * spec.Height / spec.Width, patient, random);
        Scene scene = Build(image.Subtype, site);

        int columns = Math.Min(FineColumns, (int)(field / FinePixel));
        int factor = Math.Max(1, (columns + spec.Width - 1) / spec.Width);
        var canvas = new Canvas(spec.Width * factor, spec.Height * factor, field / (spec.Width * factor));
        uint seed = (uint)random.NextUInt64();
        Ground.Paint(canvas, scene, seed);
        NucleusPainter.Paint(canvas, Cells.Place(scene, patient, random), seed);
        return Optics.Expose(canvas, factor, patient.Stain, seed);
    }

    private static Scene Build(string subtype, Site site) =>
        subtype switch
        {
            "A" => BenignScenes.Adenosis(site),
            "F" => BenignScenes.Fibroadenoma(site),
            "PT" => BenignScenes.Phyllodes(site),
            "TA" => BenignScenes.TubularAdenoma(site),
            "DC" => MalignantScenes.Ductal(site),
            "LC" => MalignantScenes.Lobular(site),
            "MC" => MalignantScenes.Mucinous(site),
            "PC" => MalignantScenes.Papillary(site),
            _ => throw new ArgumentException($"'{subtype}' is not a subtype.", nameof(subtype)),
        };

    private static string Key(SlideImage image) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{image.Subtype}-{image.Slide}-{image.Magnification}-{image.Sequence}"
        );

    private static void Check(TissueSpec spec)
    {
        Check(spec, spec.PatientsPerSubtype, MostPatients, "patients per subtype");
        Check(spec, spec.ImagesPerPatient, MostImages, "images per patient");
        Check(spec, spec.Width, MostPixels, "pixels across");
        Check(spec, spec.Height, MostPixels, "pixels down");
        if (spec.Magnifications.Any(magnification => magnification is not (40 or 100 or 200 or 400)))
        {
            throw new ArgumentOutOfRangeException(nameof(spec), "Magnifications are 40, 100, 200 and 400.");
        }
    }

    private static void Check(TissueSpec spec, int value, int most, string what)
    {
        if (value < 1 || value > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(spec),
                string.Create(CultureInfo.InvariantCulture, $"Expected 1 to {most} {what}, not {value}.")
            );
        }
    }
}
