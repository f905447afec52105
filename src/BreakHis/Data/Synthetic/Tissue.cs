using BreakHis.Numerics;
using static System.FormattableString;

namespace BreakHis.Data.Synthetic;

/// <summary>
/// Synthetic breast tissue, stained with haematoxylin and eosin, with the layout and file names of BreaKHis. The eight
/// subtypes differ as a pathologist expects; patients of one subtype differ in growth and stain.
/// </summary>
/// <remarks>
/// An image depends only on its spec and its name and is bit-identical on every platform, because it uses only integer
/// and exact floating-point operations. Images can be drawn in any order and on any thread.
/// </remarks>
internal static class Tissue
{
    private const int MostPatients = 5_000;
    private const int MostImages = 999;
    private const int MostPixels = 4_096;

    // Measured on real images: at 100X, a nucleus of 7 micrometres is 13 of 700 pixels long.
    private const float FieldAtUnitMagnification = 39_200;

    // Small images are drawn at a finer scale and shrunk, so that structure below one pixel is averaged, not lost.
    private const int FineColumns = 224;
    private const float FinePixel = 0.9f;

    /// <summary>Returns all images of the data, by subtype, slide, magnification and running number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number in the spec is out of range.</exception>
    public static IReadOnlyList<SlideImage> Layout(TissueSpec spec)
    {
        Check(spec);
        return SlideLayout.Of(spec);
    }

    /// <summary>Draws one image: red, green and blue of each pixel, row by row from the upper left.</summary>
    /// <param name="spec">The spec with seed, width and height.</param>
    /// <param name="image">One of the images from <see cref="Layout"/>.</param>
    /// <returns>Width * Height * 3 bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number in the spec is out of range.</exception>
    /// <exception cref="ArgumentException">The image's subtype is unknown.</exception>
    public static byte[] Draw(TissueSpec spec, SlideImage image)
    {
        Check(spec);
        var patient = Patient.Of(spec, image.Slide);
        var random = RandomStream.From(spec.Seed, "tissue: image", 0, Key(image));
        float field = FieldAtUnitMagnification / image.Magnification;
        var site = new Site(field, field * spec.Height / spec.Width, patient, random);
        Scene scene = Build(image.Subtype, site);

        int columns = Math.Min(FineColumns, (int)(field / FinePixel));
        int factor = Factor(columns, spec.Width);
        var canvas = new Canvas(spec.Width * factor, spec.Height * factor, field / (spec.Width * factor));
        uint seed = (uint)random.NextUInt64();
        Ground.Paint(canvas, scene, seed);
        NucleusPainter.Paint(canvas, Cells.Place(scene, patient, random), seed);
        return Optics.Expose(canvas, factor, patient.Stain, seed);
    }

    /// <summary>Returns the most pixels at which an image of a size is drawn, before it is shrunk.</summary>
    public static long Drawn(int width, int height)
    {
        long factor = Factor(FineColumns, width);
        return (long)Math.Min(double.MaxValue, (double)width * factor * height * factor);
    }

    private static int Factor(int columns, int width) => Math.Max(1, (columns + width - 1) / width);

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
        Invariant($"{image.Subtype}-{image.Slide}-{image.Magnification}-{image.Sequence}");

    private static void Check(TissueSpec spec)
    {
        RequireRange(spec.PatientsPerSubtype, MostPatients, "patients per subtype");
        RequireRange(spec.ImagesPerPatient, MostImages, "images per patient");
        RequireRange(spec.Width, MostPixels, "pixels across");
        RequireRange(spec.Height, MostPixels, "pixels down");
        if (spec.Magnifications.Any(magnification => magnification is not (40 or 100 or 200 or 400)))
        {
            throw new ArgumentOutOfRangeException(nameof(spec), "Magnifications are 40, 100, 200 and 400.");
        }
    }

    private static void RequireRange(int value, int most, string what)
    {
        if (value < 1 || value > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(value),
                Invariant($"Expected 1 to {most} {what}, not {value}.")
            );
        }
    }
}
