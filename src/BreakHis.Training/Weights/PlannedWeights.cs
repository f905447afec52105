using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Training.Weights;

/// <summary>Finds, hashes and reads the weights of a spec, so that problems are found before any work begins.</summary>
internal static class PlannedWeights
{
    /// <summary>The weights of a spec's model.</summary>
    /// <param name="path">
    /// The full path of <c>model.weights</c> if it is a path, or of the weights of the run that it names; else null.
    /// </param>
    /// <param name="weightsFolder">The folder for ImageNet weights that are not bundled.</param>
    /// <exception cref="WeightsException">The weights are missing or cannot be read.</exception>
    public static WeightsPlan Of(ModelSpec model, string? path, string weightsFolder)
    {
        if (model.Weights == WeightsFrom.Drawn)
        {
            var drawn = new WeightsPlan(null, ProvenanceValues.None, "drawn from the seed")
            {
                Notes = [.. RangeNotes(model.Preprocessing)],
            };
            return With(drawn, model, Preprocessing.MinusOneToOne, BackboneTraits.Default);
        }

        WeightsSource source =
            path is not null ? WeightsSource.Find(path)
            : model.Weights == WeightsFrom.ImageNet ? KnownWeights.Find(model.Backbone, weightsFolder)
            : KnownWeights.Named(model.Backbone, model.Weights.Given!, weightsFolder);
        var known = KnownWeights.Of(model.Backbone);
        bool isPublished =
            (known.Bundled && path is null && model.Weights == WeightsFrom.ImageNet)
            || known.PublishedAs(source.Files[0]) is not null;
        using PretrainedWeights weights = WeightsReader.Read(source, model.Backbone);
        string origin = path is null
            ? $"{weights.Origin}, in the weights folder"
            : $"{weights.Format} given by the spec";
        var plan = new WeightsPlan(
            source.Files[0],
            weights.Sha256,
            known.Bundled && isPublished ? known.Origin : origin
        )
        {
            Notes = [.. Notes(model, weights, isPublished), .. RangeNotes(model.Preprocessing)],
            Head = weights.Head?.Layers,
        };
        int? trainedAt = isPublished
            ? BackboneFacts.Find(model.Backbone)?.InputSize
            : weights.TrainedAt ?? weights.Preprocessing.MeanImage?.Height;
        return With(plan, model, weights.Preprocessing, weights.Traits) with { TrainedAt = trainedAt };
    }

    private static IEnumerable<string> Notes(ModelSpec model, PretrainedWeights weights, bool isPublished)
    {
        foreach (string note in weights.Notes)
        {
            yield return note;
        }

        if (model.Preprocessing is not null)
        {
            if (!weights.IsAssumed || isPublished)
            {
                yield return $"the spec's preprocessing replaces that of the weights ({PreprocessingText.Of(weights.Preprocessing)})";
            }
        }
        else if (weights.IsAssumed && !isPublished)
        {
            yield return $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(model.Weights.Given ?? ""))} does not say how images are preprocessed; assumed: {PreprocessingText.Of(weights.Preprocessing)} (set model.preprocessing to change it)";
        }
    }

    /// <summary>Notes that mean and std appear to be for pixels of another range than the spec says.</summary>
    private static IEnumerable<string> RangeNotes(PreprocessingSpec? given) =>
        given is { Range: 1 } && given.Mean.Concat(given.Std).Any(value => value > 1)
            ? ["model.preprocessing has mean or std above 1, as for pixels from 0 to 255 (range: 255), but range is 1"]
        : given is { Range: byte.MaxValue }
        && given.Mean.Concat(given.Std).All(value => value <= 1)
        && given.Mean.Any(value => value != 0)
            ? ["model.preprocessing has no mean or std above 1, as for pixels from 0 to 1 (range: 1), but range is 255"]
        : [];

    private static WeightsPlan With(
        WeightsPlan plan,
        ModelSpec model,
        Preprocessing preprocessing,
        BackboneTraits traits
    ) =>
        plan with
        {
            Preprocessing = PreprocessingText.Of(
                model.Preprocessing is { } given ? Preprocessing.Of(given) : preprocessing
            ),
            BatchNorms = traits.BatchNormsScale ? "scale and shift" : "shift alone",
            AveragePools =
                model.Backbone != BackboneFacts.InceptionV3.Name ? null
                : traits.AveragePoolCountsPadding ? "count padding"
                : "do not count padding",
        };
}
