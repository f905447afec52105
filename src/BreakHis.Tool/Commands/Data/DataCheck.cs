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

/// <summary><c>data check</c>: whether the images of a spec are what they are taken for, and its split leaks nothing.</summary>
internal static class DataCheck
{
    private static readonly Option<bool> NamesOnly = new("--names-only")
    {
        Description = "Look at names alone: no file is opened",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description = "Exit code 1 on warnings too, such as a leak",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object for each data set" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var specs = new SpecArguments();
        var command = new Command(
            "check",
            """
            Look at the images of specs: counts by subtype, magnification and patient, against the published table where they
            are BreaKHis's; files that cannot be read, or are of another size or kind; pictures that are there twice, also at
            another size; and whether what is validated on is trained on too, fold by fold. Exit code 1 where pictures cannot
            be read; with --strict also where there is a warning.

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
                        || (parsed.GetValue(Strict) && (review.HasLeak || review.Has(DataWeight.Warning)));
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
            "hashing files",
            quiet: namesOnly,
            hashed => Task.FromResult(data.Catalogues(pictures, namesOnly ? _ => "" : Sha256Hex.OfFile, hashed))
        );
        CatalogueImage[] images =
        [
            .. catalogues.SelectMany(c => c.Catalogue.Images).DistinctBy(image => image.Path, StringComparer.Ordinal),
        ];
        IReadOnlyDictionary<string, PictureInspection>? inspections = namesOnly
            ? null
            : await ProgressCounter.Show(
                "looking at pictures",
                images.Length,
                quiet: false,
                advance => Task.FromResult(LookAt(images, folder, pictures, advance, cancellation))
            );
        bool madeUp = folder is null || SyntheticSource.IsMadeUp(folder);
        return data.Usable(() =>
            DataReview.Of(spec, catalogues, inspections, Catalogue.PassedOver(spec, folder), madeUp)
        );
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
