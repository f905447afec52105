using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Data.Splits;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Data;

/// <summary>The data of a spec, independent of its training.</summary>
/// <param name="Variant">The first variant with these data.</param>
/// <param name="Splits">The splits to review: every fold if there are folds.</param>
internal sealed record SpecDataSet(string Name, SpecVariant Variant, IReadOnlyList<SplitSpec> Splits)
{
    /// <summary>The distinct data sets of some specs. Seeds, and a matrix over folds, do not add data sets.</summary>
    public static IReadOnlyList<SpecDataSet> Of(IReadOnlyList<SpecFile> files) =>
        [
            .. files
                .SelectMany(file => file.Variants)
                .DistinctBy(variant => Key(variant), StringComparer.Ordinal)
                .Select(variant => new SpecDataSet(variant.Spec.Name, variant, SplitsOf(variant))),
        ];

    /// <summary>What the progress of a catalogue's hashing is called: synthetic images are drawn to be hashed.</summary>
    public static string HashingTitle(DataSpec data) =>
        data.Source == DataSource.Synthetic ? "drawing images" : "hashing files";

    /// <summary>Reports the problems of some specs. Returns an exit code, or null if there are none.</summary>
    public static int? Problems(IReadOnlyList<SpecFile> files)
    {
        Problem[] problems = [.. files.SelectMany(file => file.Problems)];
        return problems.Length > 0 ? Failure.Of(problems) : null;
    }

    /// <summary>The catalogue of each split.</summary>
    /// <param name="pictures">Their pixels.</param>
    /// <param name="hash">The hash of a file, by its path.</param>
    /// <param name="hashed">Called with the number of newly hashed files and the total.</param>
    /// <exception cref="InputException">The images cannot be used.</exception>
    public IReadOnlyList<(SplitSpec, Catalogue)> Catalogues(
        PictureSource pictures,
        Func<string, string> hash,
        Action<int, int>? hashed = null,
        CancellationToken cancellation = default
    )
    {
        DataSpec data = Variant.Spec.Data;
        return Usable(() =>
        {
            var whole = Catalogue.Of(
                data,
                Variant.DataPath,
                pictures,
                hash: hash,
                hashed: hashed,
                cancellation: cancellation
            );
            SplitFile? file = Variant.SplitFile is null ? null : SplitFile.Read(Variant.SplitFile);
            if (data.Split.Fold is not null)
            {
                file?.DemandFold(data.Split.Fold);
            }

            return (IReadOnlyList<(SplitSpec, Catalogue)>)
                [
                    .. Splits.Select(split =>
                        (split, file is null ? whole : whole.DividedBy(file, split.Fold, Catalogue.UsesAll(data)))
                    ),
                ];
        });
    }

    /// <summary>Runs an action, and reports its data errors at their position in the spec.</summary>
    /// <exception cref="InputException">The data cannot be used.</exception>
    public T Usable<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DataException e)
        {
            throw new InputException(Variant.ProblemAt(ProblemCodes.Data, e.Setting, e.Message));
        }
    }

    private static string Key(SpecVariant variant)
    {
        DataSpec data = variant.Spec.Data;
        SplitSpec everyFold = data.Split with { Fold = null, File = variant.SplitFile };
        return $"{variant.Spec.Name} {CanonicalForm.Of(data with { Path = variant.DataPath, Split = everyFold })}";
    }

    private static SplitSpec[] SplitsOf(SpecVariant variant)
    {
        SplitSpec split = variant.Spec.Data.Split;
        IReadOnlyList<int> folds =
            split.Folds is int count ? [.. Enumerable.Range(1, count)]
            : variant.SplitFile is null ? []
            : new SpecDataSet("", variant, []).Usable(() => SplitFile.Read(variant.SplitFile)).Folds;
        return folds.Count == 0 ? [split] : [.. folds.Select(fold => split with { Fold = fold })];
    }
}
