using BreakHis.Plans;
using BreakHis.Specs;

namespace BreakHis.Training.Weights;

/// <summary>Finds, hashes and reads the weights that a spec names, so that all is known to fit before anything is spent.</summary>
public static class PlannedWeights
{
    /// <summary>The weights of a spec's model.</summary>
    /// <param name="model">The spec's model.</param>
    /// <param name="path">The full path of <c>model.weights</c> where it is one, else null.</param>
    /// <param name="weightsFolder">Where ImageNet weights that do not come with the tool are looked for.</param>
    /// <exception cref="WeightsException">They are not there, or cannot be read.</exception>
    public static WeightsPlan Of(ModelSpec model, string? path, string weightsFolder)
    {
        if (model.Weights == "none")
        {
            return new WeightsPlan("none", null, "none", "drawn from the seed");
        }

        WeightsSource source = path is null
            ? KnownWeights.Find(model.Backbone, weightsFolder)
            : WeightsSource.Find(path);
        using PretrainedWeights weights = WeightsReader.Read(source, model.Backbone);
        string origin = path is null
            ? KnownWeights.All.First(k => k.Backbone == model.Backbone).Origin
            : $"{weights.Format} given by the spec";
        return new WeightsPlan(model.Weights, source.Files[0], weights.Sha256, origin);
    }
}
