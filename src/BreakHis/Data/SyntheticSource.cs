using System.Security.Cryptography;
using BreakHis.Data.Synthetic;
using BreakHis.Specs;

namespace BreakHis.Data;

/// <summary>Made-up tissue, drawn in memory.</summary>
public static class SyntheticSource
{
    private static readonly int[] AllMagnifications = [40, 100, 200, 400];

    /// <summary>The tissue that a spec asks for.</summary>
    /// <param name="data">The spec's data, of source synthetic.</param>
    public static TissueSpec TissueOf(DataSpec data)
    {
        SyntheticSpec spec = data.Synthetic ?? new SyntheticSpec();
        IReadOnlyList<int> magnifications = data.Magnifications.Count == 0 ? AllMagnifications : data.Magnifications;
        return new TissueSpec(
            spec.PatientsPerSubtype,
            spec.ImagesPerPatient,
            spec.Width,
            spec.Height,
            magnifications,
            spec.Seed
        );
    }

    /// <summary>Lists the tissue's images; each is drawn once to hash its pixels.</summary>
    internal static IReadOnlyList<CatalogueImage> List(TissueSpec tissue) =>
        ImageFiles.Each(
            Tissue.Layout(tissue),
            image =>
            {
                BreakhisFileName name = BreakhisFileName.Parse(image.Path[(image.Path.LastIndexOf('/') + 1)..])!;
                string sha256 = Convert.ToHexStringLower(SHA256.HashData(Tissue.Draw(tissue, image)));
                return BreakhisSource.Image(image.Path, name, sha256);
            }
        );

    /// <summary>A function that draws an image of the tissue by its path.</summary>
    internal static Func<string, Picture> Painter(TissueSpec tissue)
    {
        Dictionary<string, SlideImage> images = Tissue
            .Layout(tissue)
            .ToDictionary(image => image.Path, StringComparer.Ordinal);
        return path => new Picture(tissue.Width, tissue.Height, Tissue.Draw(tissue, images[path]));
    }
}
