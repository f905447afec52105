using System.CommandLine;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Numerics;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Data;

/// <summary>
/// <c>data check</c>: checks a spec's images against what the spec and their names claim, and its split for leaks.
/// </summary>
internal static class DataCheck
{
    private static readonly Option<bool> NamesOnly = new("--names-only")
    {
        Description = "Check file names only and open no file",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Also exit with 1 on a leak, a warning, or a class without training or validation images",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object per data set" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var specs = new SpecArguments(withSeeds: false);
        var command = new Command(
            "check",
            """
            Check the images and splits of specs.
            Counts images by subtype, magnification and patient (against the published table if they are BreaKHis), and finds
            unreadable files, unusual sizes and formats, duplicates (also at another size), and leaks between training and
            validation, fold by fold. Exits with 1 if an image cannot be read.

            Examples:
              dotnet breakhis data check experiments/quickstart.yaml
              dotnet breakhis data check my.yaml --strict
            """
        );
        specs.AddTo(command);
        command.Options.Add(NamesOnly);
        command.Options.Add(Strict);
        command.Options.Add(Json);
        command.SetAction(
            async (parsed, _) =>
            {
                using var interruption = new CancelOnSignal();
                IReadOnlyList<SpecFile> files = specs.Read(parsed);
                if (SpecDataSet.Problems(files) is int wrong)
                {
                    return wrong;
                }

                int exitCode = 0;
                foreach (SpecDataSet data in SpecDataSet.Of(files))
                {
                    DataReview review = await Look(data, parsed.GetValue(NamesOnly), interruption.Token);
                    DataReviewText.Print(data, review, parsed.GetValue(Json));
                    bool failed =
                        review.Has(DataWeight.Error)
                        || (
                            parsed.GetValue(Strict)
                            && (review.HasLeak || review.HasMissingClass || review.Has(DataWeight.Warning))
                        );
                    exitCode = failed ? Failure.Found : exitCode;
                }

                return exitCode;
            }
        );
        return command;
    }

    private static async Task<DataReview> Look(SpecDataSet data, bool namesOnly, CancellationToken cancellation)
    {
        DataSpec spec = data.Variant.Spec.Data;
        string? folder = data.Variant.DataPath;
        PictureSource pictures = PictureSources.Of(spec, folder);
        IReadOnlyList<(SplitSpec Split, Catalogue Catalogue)> catalogues = await ProgressCounter.Show(
            SpecDataSet.HashingTitle(spec),
            quiet: namesOnly,
            hashed =>
                Task.FromResult(data.Catalogues(pictures, namesOnly ? _ => "" : Sha256Hex.OfFile, hashed, cancellation))
        );
        CatalogueImage[] images =
        [
            .. catalogues.SelectMany(c => c.Catalogue.Images).DistinctBy(image => image.Path, StringComparer.Ordinal),
        ];
        IReadOnlyDictionary<string, PictureInspection>? inspections = namesOnly
            ? null
            : await ProgressCounter.Show(
                "comparing images",
                images.Length,
                quiet: false,
                advance => Task.FromResult(LookAt(images, folder, pictures, advance, cancellation))
            );
        bool isSynthetic = folder is null || SyntheticSource.IsMarked(folder);
        return data.Usable(() => DataReview.Of(spec, catalogues, inspections, isSynthetic));
    }

    private static Dictionary<string, PictureInspection> LookAt(
        CatalogueImage[] images,
        string? folder,
        PictureSource pictures,
        Action<int> advance,
        CancellationToken cancellation
    )
    {
        var inspections = new PictureInspection[images.Length];
        ParallelWork.ForEach(
            images.Length,
            i =>
            {
                inspections[i] = folder is null
                    ? new PictureInspection(PictureDigest.Of(pictures(images[i].Path)), null, null)
                    : PictureInspection.At(folder, images[i].Path);
                advance(1);
            },
            cancellation
        );
        return images
            .Zip(inspections)
            .ToDictionary(pair => pair.First.Path, pair => pair.Second, StringComparer.Ordinal);
    }
}
