using BreakHis.Plans;
using BreakHis.Training.Backbones;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>The backbone of a plan with its weights in it, and the preprocessing that belongs to them.</summary>
internal sealed record LoadedBackbone(Backbone Backbone, Preprocessing Preprocessing) : IDisposable
{
    /// <summary>Loads or draws the weights that the plan names.</summary>
    /// <exception cref="WeightsException">They cannot be read.</exception>
    /// <exception cref="TrainingException">They are no longer those of the plan.</exception>
    public static LoadedBackbone Load(Plan plan)
    {
        string name = plan.Spec.Model.Backbone;
        if (plan.Weights.File is null)
        {
            var untrained = Backbone.Create(name, BackboneTraits.Default);
            InitialWeights.Draw(untrained, plan.Seed);
            return On(plan, untrained, Preprocessing.MinusOneToOne);
        }

        using PretrainedWeights weights = WeightsReader.Read(plan.Weights.File, name);
        return weights.Sha256 == plan.Weights.Sha256
            ? On(plan, weights.CreateBackbone(), weights.Preprocessing)
            : throw new TrainingException($"{plan.Weights.File}: has changed since the run was planned");
    }

    private static LoadedBackbone On(Plan plan, Backbone backbone, Preprocessing preprocessing)
    {
        backbone.to(new Device(plan.Device));
        return new LoadedBackbone(backbone, preprocessing);
    }

    /// <inheritdoc/>
    public void Dispose() => Backbone.Dispose();
}
