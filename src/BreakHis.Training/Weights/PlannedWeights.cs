using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Training.Weights;

/// <summary>Finds, hashes and reads the weights that a spec names, so that all is known to fit before anything is spent.</summary>
internal static class PlannedWeights
{
    /// <summary>The weights of a spec's model.</summary>
    /// <param name="path">The full path of <c>model.weights</c> where it is one, else null.</param>
    /// <param name="weightsFolder">Where ImageNet weights that do not come with the tool are looked for.</param>
    /// <exception cref="WeightsException">They are not there, or cannot be read.</exception>
    public static WeightsPlan Of(ModelSpec model, string? path, string weightsFolder)
    {
        if (model.Weights == "none")
        {
            var drawn = new WeightsPlan(null, "none", "drawn from the seed");
            return With(drawn, model.Backbone, Preprocessing.MinusOneToOne, BackboneTraits.Default);
        }

        WeightsSource source = path is null
            ? KnownWeights.Find(model.Backbone, weightsFolder)
            : WeightsSource.Find(path);
        using PretrainedWeights weights = WeightsReader.Read(source, model.Backbone);
        var plan = new WeightsPlan(source.Files[0], weights.Sha256, Origin(model, path, weights));
        int? trainedAt = path is null
            ? BackboneFacts.Find(model.Backbone)?.InputSize
            : weights.Preprocessing.MeanImage?.Height;
        return With(plan, model.Backbone, weights.Preprocessing, weights.Traits) with { TrainedAt = trainedAt };
    }

    /// <summary>What lies in the weights folder need not be the published file.</summary>
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
        string backbone,
        Preprocessing preprocessing,
        BackboneTraits traits
    ) =>
        plan with
        {
            Preprocessing = PreprocessingText.Of(preprocessing),
            BatchNorms = traits.BatchNormsScale ? "scale and shift" : "shift alone",
            AveragePools =
                backbone != BackboneFacts.InceptionV3.Name ? null
                : traits.AveragePoolCountsPadding ? "count padding"
                : "do not count padding",
        };
}
