using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Comparisons;

/// <summary>Pools the runs of a configuration: the newest finished run of each seed and fold counts.</summary>
internal static class Readers
{
    /// <summary>Returns the readings of a configuration on one side of the split.</summary>
    public static Readings Of(Configuration configuration, Side side)
    {
        Placed[] placed = Placed.All(configuration.Runs);
        List<string> missing = [];
        List<Reading> readings = [];
        foreach (IGrouping<string, Placed> seed in placed.GroupBy(run => run.Seed, StringComparer.Ordinal))
        {
            Placed[] counting =
            [
                .. seed.GroupBy(run => run.Fold, StringComparer.Ordinal)
                    .OrderBy(fold => fold.Key.Length)
                    .ThenBy(fold => fold.Key, StringComparer.Ordinal)
                    .Select(fold => fold.LastOrDefault(run => Fault(run.Run, configuration.Stage, side) is null))
                    .OfType<Placed>(),
            ];
            missing.AddRange(
                from run in seed
                let fault = Fault(run.Run, configuration.Stage, side)
                    ?? OtherSplit(run, counting.First(counted => counted.Fold == run.Fold))
                where fault is not null
                select $"{run.Words}: run {run.Run.Summary.Id} {fault}"
            );
            if (counting.Length > 0)
            {
                readings.Add(Pooled(seed.Key, counting, configuration.Stage, side));
            }
        }

        return new Readings(readings, missing);
    }

    /// <summary>Checks that what is read of a run refers to its images and classes.</summary>
    /// <exception cref="FormatException">They do not fit: anybody may have written the record.</exception>
    public static void Check(RecordedRun run)
    {
        if (!IsSound(run))
        {
            throw new FormatException("a prediction does not fit images and classes, or the spec cannot be read");
        }
    }

    /// <summary>Returns whether what is read of a run refers to its images and classes.</summary>
    public static bool IsSound(RecordedRun run)
    {
        int classes = run.Classes.Count;
        return ConfigurationKey.IsReadable(run.Spec)
            && run.Stages.SelectMany(stage => stage.AllPredictions)
                .All(prediction =>
                    prediction.Image >= 0
                    && prediction.Image < run.Images.Count
                    && run.Images[prediction.Image].Class is var truth
                    && truth >= 0
                    && truth < classes
                    && prediction.Probabilities.Count == classes
                    && prediction.Probabilities.All(float.IsFinite)
                );
    }

    private static string? Fault(RecordedRun run, string stage, Side side) =>
        run.EditedRecords.Count > 0 ? $"does not count: {run.EditedInWords()} edited"
        : run.Summary.State == RunState.Failed ? $"failed: {OneLine.Of(run.Failure ?? "no reason is recorded")}"
        : run.Summary.State != RunState.Finished ? $"is not finished ({LedgerText.Word(run.Summary.State)})"
        : Predictions(run, stage, side).Count == 0 ? $"has no {Sides.Of(side)} images of {stage}"
        : null;

    /// <summary>A split file of the same name may have changed.</summary>
    private static string? OtherSplit(Placed run, Placed counted) =>
        run.SplitHash != counted.SplitHash
            ? $"has another split than run {counted.Run.Summary.Id}, which counts"
            : null;

    private static IReadOnlyList<ImagePredicted> Predictions(RecordedRun run, string stage, Side side) =>
        run.Stages.FirstOrDefault(s => s.Name == stage) is { } found
            ? side == Side.Test
                ? found.TestPredictions
                : found.Predictions
            : [];

    private static Reading Pooled(string seed, Placed[] runs, string stage, Side side)
    {
        var images = new Dictionary<string, ReadImage>(StringComparer.Ordinal);
        foreach (RecordedRun run in runs.Select(run => run.Run))
        {
            foreach (ImagePredicted prediction in Predictions(run, stage, side))
            {
                PlannedImage image = run.Images[prediction.Image];
                images.TryAdd(
                    image.Identity(),
                    new ReadImage(image.Patient, image.Class, prediction.Predicted, prediction.Probabilities)
                );
            }
        }

        return new Reading(
            seed,
            [.. runs.Select(run => run.Fold).Where(fold => fold.Length > 0)],
            [.. runs.Select(run => run.Run.Summary.Id)],
            images,
            string.Join(
                ' ',
                runs.SelectMany(run =>
                    run.Run.Artifacts.Where(file => RunFolder.IsWeights(stage, file.Path)).Select(file => file.Sha256)
                )
            )
        );
    }

    /// <summary>A run and its place in the configuration.</summary>
    /// <param name="Seed">The seed, with the seed of the split if the runs have several.</param>
    /// <param name="Fold">Empty without folds.</param>
    private sealed record Placed(RecordedRun Run, string Seed, string Fold)
    {
        /// <summary>The hash of the images' sides.</summary>
        public string? SplitHash { get; } = RecordedPlan.OrNull(Run.Plan)?.SplitHash;

        public string Words => $"seed {Seed}{(Fold.Length == 0 ? "" : $", fold {Fold}")}";

        public static Placed[] All(IReadOnlyList<RecordedRun> runs)
        {
            (string Split, string? Fold)[] places = [.. runs.Select(run => ConfigurationKey.PlaceIn(run.Spec))];
            bool areSplitsEqual = places.Select(place => place.Split).Distinct(StringComparer.Ordinal).Count() < 2;
            return
            [
                .. runs.Zip(
                    places,
                    (run, place) =>
                        new Placed(
                            run,
                            Digits.Of(run.Summary.Seed) + (areSplitsEqual ? "" : $" (split {place.Split})"),
                            place.Fold ?? ""
                        )
                ),
            ];
        }
    }
}
