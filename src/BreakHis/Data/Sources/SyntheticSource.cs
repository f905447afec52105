using System.Collections.Concurrent;
using BreakHis.Data.Pictures;
using BreakHis.Data.Synthetic;
using BreakHis.Files;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>Synthetic tissue, drawn in memory.</summary>
internal static class SyntheticSource
{
    /// <summary>The file that marks a folder of written synthetic tissue.</summary>
    public const string Marker = "SYNTHETIC-TISSUE.txt";

    /// <summary>The marker that earlier builds wrote.</summary>
    private const string OldMarker = "MADE-UP-TISSUE.txt";

    private const long MostKept = 1 << 30;

    // More than BreaKHis has: 7,909 images of 0.3 megapixels. Drawing them takes about an hour.
    private const int MostImages = 100_000;
    private const long MostMegapixels = 4_000;

    private const int DrawnAlone = 1_048_576;
    private static readonly Lock Alone = new();

    private static readonly int[] AllMagnifications = [40, 100, 200, 400];

    /// <summary>Returns the tissue that a spec describes.</summary>
    /// <param name="data">The spec's data, with source synthetic.</param>
    /// <exception cref="DataException">It describes so much tissue that drawing it would take hours.</exception>
    public static TissueSpec TissueOf(DataSpec data)
    {
        SyntheticSpec spec = data.Synthetic ?? new SyntheticSpec();
        IReadOnlyList<int> magnifications = data.Magnifications.Count == 0 ? AllMagnifications : data.Magnifications;
        long images =
            (long)spec.PatientsPerSubtype * SlideLayout.Subtypes.Count * spec.ImagesPerPatient * magnifications.Count;
        if (spec.Width > 0 && spec.Height > 0 && Tissue.Drawn(spec.Width, spec.Height) > SyntheticSpec.MostPixels)
        {
            throw new DataException(
                $"data.synthetic: images of {spec.Width} x {spec.Height} pixels are too large to draw: narrow ones are drawn larger and then shrunk, and at most {Digits.Grouped(SyntheticSpec.MostPixels)} pixels are drawn"
            );
        }

        long megapixels = images * spec.Width * spec.Height / 1_000_000;
        if (images > MostImages || megapixels > MostMegapixels)
        {
            throw new DataException(
                $"data.synthetic describes {Digits.Grouped(images)} images of {spec.Width} x {spec.Height}, {Digits.Grouped(megapixels)} megapixels, which would take hours to draw; at most {Digits.Grouped(MostImages)} images and {Digits.Grouped(MostMegapixels)} megapixels are drawn"
            );
        }

        return new TissueSpec(
            spec.PatientsPerSubtype,
            spec.ImagesPerPatient,
            spec.Width,
            spec.Height,
            magnifications,
            spec.Seed
        );
    }

    /// <summary>Returns whether a folder, or one above or below it, is marked as synthetic.</summary>
    /// <param name="folder">An absolute folder.</param>
    public static bool IsMarked(string folder)
    {
        for (string? above = folder; above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(Path.Combine(above, Marker)) || File.Exists(Path.Combine(above, OldMarker)))
            {
                return true;
            }
        }

        return FolderTree.Of(folder).Files.Any(file => Path.GetFileName(file) is Marker or OldMarker);
    }

    /// <summary>Lists the tissue's images and hashes their pixels.</summary>
    internal static SourceListing List(
        TissueSpec tissue,
        PictureSource pictures,
        Action<int, int>? hashed,
        CancellationToken cancellation
    ) =>
        new(
            ImageFiles.Each(
                Tissue.Layout(tissue),
                image =>
                {
                    BreakhisFileName name = BreakhisFileName.InPath(image.Path)!;
                    string sha256 = Sha256Hex.OfBytes(pictures(image.Path).Rgb);
                    return BreakhisSource.Image(image.Path, name, sha256);
                },
                hashed,
                cancellation
            ),
            []
        );

    /// <summary>Draws the tissue's images, each only once if all of them fit into one gibibyte.</summary>
    internal static PictureSource Painter(TissueSpec tissue)
    {
        var images = Tissue.Layout(tissue).ToDictionary(image => image.Path, StringComparer.Ordinal);
        if (3L * tissue.Width * tissue.Height * images.Count > MostKept)
        {
            return Draw;
        }

        var drawn = new ConcurrentDictionary<string, Picture>(StringComparer.Ordinal);
        return path => drawn.GetOrAdd(path, Draw);

        Picture Draw(string path)
        {
            if (Tissue.Drawn(tissue.Width, tissue.Height) <= DrawnAlone)
            {
                return DrawNow(path);
            }

            lock (Alone)
            {
                return DrawNow(path);
            }
        }

        Picture DrawNow(string path) => new(tissue.Width, tissue.Height, Tissue.Draw(tissue, images[path]));
    }
}
