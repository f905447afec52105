using System.Collections.Concurrent;
using System.Text.Json;
using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Ledger;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Runs;
using BreakHis.SecretSearch;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Commands.Data;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using BreakHis.Training.Determinism;
using BreakHis.Training.Weights;

namespace BreakHis.Tool.Commands.Run;

/// <summary>A planned run and its images.</summary>
/// <param name="Checks">The checks of its split; empty before <see cref="SplitInspection"/>.</param>
/// <param name="ProblemAt">Creates a problem from a code, the setting whose position it shows, and a message.</param>
internal sealed record PlannedRun(
    Plan Plan,
    PictureSource Pictures,
    IReadOnlyList<LeakCheck> Checks,
    Func<string, string, string, Problem> ProblemAt
);

/// <summary>Plans specs on this machine, all of them before any runs.</summary>
internal static class Planning
{
    /// <summary>Plans every run of some specs.</summary>
    /// <exception cref="InputException">Images or weights cannot be used.</exception>
    public static async Task<IReadOnlyList<PlannedRun>> Of(
        IReadOnlyList<SpecFile> files,
        HomeFolder home,
        string device,
        bool quiet,
        CancellationToken cancellation
    )
    {
        SpecVariant[] variants = [.. files.SelectMany(file => file.Variants)];
        MachineFacts machine = Facts(device, OneKind(variants), variants.Select(variant => variant.Spec.Threads));
        var machineWithTiff = new Lazy<MachineFacts>(() => Gathered(() => ComputeFacts.WithTiff(machine)));
        var images = new ConcurrentDictionary<string, Task<(Catalogue Catalogue, PictureSource Pictures)>>(
            StringComparer.Ordinal
        );
        var weights = new ConcurrentDictionary<(string?, string), WeightsPlan>();
        List<PlannedRun> planned = [];
        foreach (SpecFile file in files)
        {
            foreach (SpecVariant variant in file.Variants)
            {
                planned.Add(await Plan(file, variant));
            }
        }

        return planned;

        async Task<PlannedRun> Plan(SpecFile file, SpecVariant variant)
        {
            WeightsPlan found = weights.GetOrAdd(
                (variant.WeightsPath, JsonSerializer.Serialize(variant.Spec.Model)),
                _ => Weights(variant, home, variants)
            );
            try
            {
                (Catalogue catalogue, PictureSource pictures) = await images.GetOrAdd(
                    Catalogue.KeyOf(variant.Spec.Data, variant.DataPath, variant.SplitFile),
                    _ => Images(variant, quiet, cancellation)
                );
                MachineFacts computes = catalogue.HasTiff ? machineWithTiff.Value : machine;
                Plan plan = PlanResolution.Resolve(variant, file.Path, catalogue, found, computes);
                RequireNoSecrets(variant, plan.Data);
                return new PlannedRun(plan, Unchanged(plan.Data) ?? pictures, [], variant.ProblemAt);
            }
            catch (DataException e)
            {
                throw new InputException(variant.ProblemAt(ProblemCodes.Data, e.Setting, e.Message));
            }
        }
    }

    /// <summary>Refuses images whose paths seem to contain a secret: the record lists all of them.</summary>
    private static void RequireNoSecrets(SpecVariant variant, DataPlan data)
    {
        IEnumerable<string> texts = data
            .Images.SelectMany(image => (string[])[image.Path, image.Patient])
            .Concat(data.Classes)
            .Concat(data.LeftOut.SelectMany(left => left.Paths));
        if (Secrets.Find(string.Join('\n', texts)) is string kind)
        {
            throw new InputException(
                variant.ProblemAt(
                    ProblemCodes.Confidential,
                    "data.path",
                    $"the path of an image {SpecSecrets.Wrong(kind)}"
                )
            );
        }
    }

    /// <summary>The files of a plan, which must not change while it runs, or null for synthetic images.</summary>
    private static PictureSource? Unchanged(DataPlan data) =>
        data.Folder is null
            ? null
            : PictureSources.Unchanged(
                data.Folder,
                data.Images.ToDictionary(image => image.Path, image => image.Sha256, StringComparer.Ordinal)
            );

    /// <summary>The kind of determinism that all variants share. Torch selects its math paths only once per process.</summary>
    private static DeterminismKind OneKind(IReadOnlyList<SpecVariant> variants)
    {
        DeterminismKind kind = variants[0].Spec.Determinism;
        return variants.FirstOrDefault(variant => variant.Spec.Determinism != kind) is { } other
            ? throw new InputException(
                other.ProblemAt(
                    ProblemCodes.CommandLine,
                    "determinism",
                    "native and portable specs cannot run in one call; call run for each"
                )
            )
            : kind;
    }

    private static MachineFacts Facts(string device, DeterminismKind determinism, IEnumerable<int> threads) =>
        Gathered(() =>
        {
            MachineFacts facts = ComputeFacts.Gather(device, determinism);
            foreach (int count in threads.Distinct())
            {
                ComputeFacts.RequireThreads(count);
            }

            return facts;
        });

    private static MachineFacts Gathered(Func<MachineFacts> gather)
    {
        try
        {
            return gather();
        }
        catch (TrainingException e)
        {
            throw new InputException(ProblemCodes.Training, e.Message);
        }
    }

    /// <param name="variants">All variants of the call.</param>
    private static WeightsPlan Weights(SpecVariant variant, HomeFolder home, IReadOnlyList<SpecVariant> variants)
    {
        try
        {
            return variant.Spec.Model.Weights.Run is string run
                ? RunWeights.Of(variant.Spec.Model, run, home)
                : PlannedWeights.Of(variant.Spec.Model, variant.WeightsPath, home.Weights);
        }
        catch (Exception e) when (e is WeightsException or LedgerException)
        {
            bool isInCall =
                e is LedgerException
                && variants.Any(other =>
                    other.Spec.Name == variant.Spec.Model.Weights.Run && other.Spec.Name != variant.Spec.Name
                );
            string hint = isInCall ? "; run that spec first, in a call of its own" : "";
            throw new InputException(variant.ProblemAt(ProblemCodes.Weights, "model.weights", e.Message + hint));
        }
    }

    private static async Task<(Catalogue, PictureSource)> Images(
        SpecVariant variant,
        bool quiet,
        CancellationToken cancellation
    )
    {
        PictureSource pictures = PictureSources.Of(variant.Spec.Data, variant.DataPath);
        Catalogue catalogue = await ProgressCounter.Show(
            SpecDataSet.HashingTitle(variant.Spec.Data),
            quiet,
            hashed =>
                Task.FromResult(
                    Catalogue.Of(
                        variant.Spec.Data,
                        variant.DataPath,
                        pictures,
                        variant.SplitFile,
                        hashed: hashed,
                        cancellation: cancellation
                    )
                )
        );
        return (catalogue, pictures);
    }
}
