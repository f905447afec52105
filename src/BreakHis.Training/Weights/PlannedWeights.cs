using BreakHis.Plans;
using BreakHis.Specs;

namespace BreakHis.Training.Weights;

/// <summary>Finds and hashes the weights that a spec names, before anything is spent.</summary>
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

        if (path is not null)
        {
            WeightsSource named = WeightsSource.Find(path);
            return new WeightsPlan(
                model.Weights,
                named.Files[0],
                named.Sha256(),
                $"{named.Format} file given by the spec"
            );
        }

        WeightsSource known = KnownWeights.Find(model.Backbone, weightsFolder);
        string origin = KnownWeights.All.First(k => k.Backbone == model.Backbone).Origin;
        return new WeightsPlan("imagenet", known.Files[0], known.Sha256(), origin);
    }
}
