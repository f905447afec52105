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
    /// <param name="path">The full path of <c>model.weights</c> if it is a path, else null.</param>
    /// <param name="weightsFolder">The folder for ImageNet weights that are not bundled.</param>
    /// <exception cref="WeightsException">The weights are missing or cannot be read.</exception>
    public static WeightsPlan Of(ModelSpec model, string? path, string weightsFolder)
    {
        if (model.Weights == ModelSpec.DrawnWeights)
        {
            var drawn = new WeightsPlan(null, ProvenanceValues.None, "drawn from the seed");
            return With(drawn, model, Preprocessing.MinusOneToOne, BackboneTraits.Default);
        }

        WeightsSource source = path is null
            ? KnownWeights.Find(model.Backbone, weightsFolder)
            : WeightsSource.Find(path);
        using PretrainedWeights weights = WeightsReader.Read(source, model.Backbone);
        var plan = new WeightsPlan(source.Files[0], weights.Sha256, Origin(model, path, weights))
        {
            Notes = [.. Notes(model, path, weights)],
        };
        int? trainedAt = path is null
            ? BackboneFacts.Find(model.Backbone)?.InputSize
            : weights.Preprocessing.MeanImage?.Height;
        return With(plan, model, weights.Preprocessing, weights.Traits) with { TrainedAt = trainedAt };
    }

    private static IEnumerable<string> Notes(ModelSpec model, string? path, PretrainedWeights weights)
    {
        foreach (string note in weights.Notes)
        {
            yield return note;
        }

        if (model.Preprocessing is not null)
        {
            if (!weights.IsAssumed)
            {
                yield return $"the spec's preprocessing replaces that of the file ({PreprocessingText.Of(weights.Preprocessing)})";
            }
        }
        else if (weights.IsAssumed && path is not null && !IsPublished(model.Backbone, path))
        {
            yield return $"{Path.GetFileName(Path.TrimEndingDirectorySeparator(path))} does not say how images are preprocessed; assumed: {PreprocessingText.Of(weights.Preprocessing)} (set model.preprocessing to change it)";
        }
    }

    private static bool IsPublished(string backbone, string path) =>
        File.Exists(path)
        && KnownWeights
            .Of(backbone)
            .Published.Any(file =>
                (file.Bytes is null || file.Bytes == new FileInfo(path).Length) && file.Digest.Misfit(path) is null
            );

    /// <summary>The content of the weights folder may differ from the published file.</summary>
    private static string Origin(ModelSpec model, string? path, PretrainedWeights weights)
    {
        if (path is not null)
        {
            return $"{weights.Format} given by the spec";
        }

        var known = KnownWeights.Of(model.Backbone);
        return known.Bundled ? known.Origin : $"{weights.Origin}, in the weights folder";
    }

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
