using System.Collections.Concurrent;
using BreakHis.Audit.Artifacts;
using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the images of a run match the record, and that dividing them again gives the recorded split. Image files
/// are hashed; synthetic images are drawn again. Runs with the same images share the work.
/// </summary>
internal sealed class ImageChecks(AuditPlace place, HashedFiles files)
{
    private readonly ConcurrentDictionary<string, Catalogue> _catalogues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(Catalogue, LabelKind, SplitSpec), DataPlan> _splits = [];

    /// <summary>Returns the checks of images and split.</summary>
    public IEnumerable<AuditEntry> Of(RecordedRun run, ExperimentSpec spec)
    {
        (CheckResult images, CheckResult split) = Judge(run, spec);
        yield return images.As(AuditLevel.Inputs, "images", run.Summary.Id);
        yield return split.As(AuditLevel.Inputs, "split", run.Summary.Id);
    }

    private (CheckResult Images, CheckResult Split) Judge(RecordedRun run, ExperimentSpec spec)
    {
        string? folder = place.Data ?? run.Given(ProvenanceNames.DataFolder);
        bool inMemory = spec.Data.Source == DataSource.Synthetic;
        if (!inMemory && (folder is null || !Directory.Exists(folder)))
        {
            return Both(
                CheckResult.Inconclusive(
                    $"the image folder is missing: {folder ?? "not recorded"}; give its new location with --data"
                )
            );
        }

        string? splitFile = spec.Data.Split.File is null
            ? null
            : run.Given(ProvenanceNames.DataSplitFile) ?? spec.Data.Split.File;
        if (splitFile is not null && !Path.Exists(splitFile))
        {
            return Both(
                CheckResult.Inconclusive($"the split file is missing: {splitFile}; put it back to check the split")
            );
        }

        try
        {
            Catalogue found = CatalogueOf(spec.Data, inMemory ? null : folder, splitFile);
            string[] wrong = [.. Wrong(run.Images, found.Images)];
            return wrong.Length > 0
                ? (
                    CheckResult.Fail(
                        $"{Plural.Of(wrong.Length, "image differs", "images differ")} from the record: {Listing.Clauses(wrong)}"
                    ),
                    CheckResult.Inconclusive("the images differ from the record")
                )
                : (
                    CheckResult.Pass(
                        inMemory
                            ? $"{Plural.Of(run.Images.Count, "image")} recomputed from the spec: identical pixels"
                            : $"{Plural.Of(run.Images.Count, "image")} in {folder}: hashes match"
                    ),
                    Split(run, Divided(spec.Data, found))
                );
        }
        catch (DataException e)
        {
            return Both(CheckResult.Fail(e.Message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Both(CheckResult.Inconclusive(e.Message));
        }
    }

    private static (CheckResult, CheckResult) Both(CheckResult images) =>
        (images, CheckResult.Inconclusive("the images could not be checked"));

    private Catalogue CatalogueOf(DataSpec data, string? folder, string? splitFile) =>
        _catalogues.GetOrAdd(
            Catalogue.KeyOf(data, folder, splitFile),
            _ =>
                Catalogue.Of(
                    data,
                    folder,
                    PictureSources.Of(data, folder),
                    splitFile,
                    files.Sha256,
                    folder is null ? (_, _) => files.Advance() : null
                )
        );

    private DataPlan Divided(DataSpec data, Catalogue found) =>
        _splits.GetOrAdd((found, data.Label, data.Split), _ => Labelling.Label(data, found));

    private static IEnumerable<string> Wrong(IReadOnlyList<PlannedImage> recorded, IReadOnlyList<CatalogueImage> found)
    {
        var now = found.ToDictionary(image => image.Path, StringComparer.Ordinal);
        ILookup<string, string> names = recorded.ToLookup(
            image => image.Sha256,
            image => image.Path,
            StringComparer.Ordinal
        );
        foreach (PlannedImage image in recorded)
        {
            if (!now.Remove(image.Path, out CatalogueImage? file))
            {
                yield return $"{image.Path} is missing";
            }
            else if (file.IsUnread)
            {
                yield return $"{image.Path} cannot be read";
            }
            else if (file.Sha256 != image.Sha256)
            {
                string? other = names[file.Sha256].FirstOrDefault();
                yield return other is null
                    ? $"{image.Path}: the hash does not match: recorded {ShortHash.Dotted(image.Sha256)}, found {ShortHash.Dotted(file.Sha256)}"
                    : $"{image.Path} has the content recorded for {other}";
            }
        }

        foreach (string path in now.Keys)
        {
            yield return $"{path} was added since";
        }
    }

    private static CheckResult Split(RecordedRun run, DataPlan again)
    {
        string[] wrong =
        [
            .. run
                .Images.Zip(again.Images)
                .Where(pair => pair.First != pair.Second)
                .Select(pair =>
                    $"{pair.First.Path} was recorded as {Text(pair.First, run.Classes)}, is now {Text(pair.Second, again.Classes)}"
                ),
        ];
        return wrong.Length > 0 ? CheckResult.Fail(Listing.Clauses(wrong))
            : run.Classes.SequenceEqual(again.Classes, StringComparer.Ordinal)
                ? CheckResult.Pass("recomputed from the spec: every image has its recorded class and side")
            : CheckResult.Fail(
                $"the classes were recorded as {string.Join(", ", run.Classes)}, are now {string.Join(", ", again.Classes)}"
            );
    }

    private static string Text(PlannedImage image, IReadOnlyList<string> classes) =>
        $"{classes[image.Class]} in {Sides.Word(image.Side)}";
}
